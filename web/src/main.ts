import "./styles/page.css";
import "./styles/sidebar.css";
import "./styles/conversation.css";
import "./styles/prose.css";
import "./styles/composer.css";
import "./styles/tools.css";
import "./styles/documents.css";
import "./styles/messages.css";
import "./styles/search.css";
import "./styles/dialogs.css";
import { Composer } from "./composer/composer";
import { Conversations } from "./conversation/conversations";
import { DocumentPanel } from "./documents/documentPanel";
import { byId, icon } from "./dom";
import { startKeyboard } from "./keyboard";
import { ModelPicker } from "./models/modelPicker";
import { Search } from "./search/search";
import { addressed, addressOf } from "./sessions/address";
import { startDrawer } from "./sessions/drawer";
import { SessionList } from "./sessions/sessionList";
import { startTheme } from "./theme/theme";
import { tell } from "./toast";
import { ToolPicker } from "./tools/toolPicker";
import { LinkNotice } from "./watch/linkNotice";
import { Watch } from "./watch/watch";

// As styles/documents.css has it: there is room for a document beside the talk.
const BESIDE = "(min-width: 70rem)";

startTheme(byId("theme", HTMLButtonElement));
const drawer = startDrawer();
const status = byId("status", HTMLElement);
const picker = new ModelPicker();
const tools = new ToolPicker();
const panel = new DocumentPanel();

const list = new SessionList(byId("sessions", HTMLElement), {
  deleted: (sessionId) => {
    if (sessionId === conversations.shown.sessionId) newChat();
  },
  failed: tell,
  titled: (title) => {
    document.title = title ? `${title} · ChatGrpc` : "ChatGrpc";
    byId("title", HTMLElement).textContent = title || "New chat";
  },
});

const composer: Composer = new Composer({
  send: (text) => conversations.send(text),
  stop: () => void conversations.shown.stop(),
});

const notice = new LinkNotice(byId("link", HTMLElement));
const watch = new Watch({
  update: (response, fresh) => {
    const { update } = response;
    if (update.case === "session") list.update(update.value);
    else if (update.case === "deleted") list.remove(response.sessionId);
    conversations.take(response, fresh);
  },
  link: (up) => notice.show(up),
  returned: () => conversations.reload(),
});

const conversations: Conversations = new Conversations({
  began: (conversation) => {
    watch.wake();
    void list.refresh();
    if (conversation !== conversations.shown) return;
    history.replaceState(null, "", addressOf(conversation.sessionId));
    list.current = conversation.sessionId;
    // For those who hear the page: the text itself is read out when it is whole.
    status.textContent = "The answer is being written.";
  },
  ended: (conversation) => {
    void list.refresh();
    if (conversation === conversations.shown) status.textContent = "The answer has ended.";
  },
  changed: (conversation) => composer.show(conversation.isAnswering, conversation.isStopping),
  forked: (session) => {
    list.update(session);
    location.hash = addressOf(session.sessionId);
  },
  failed: tell,
  selectedModel: () => picker.selected,
  selectedTools: () => tools.selected,
  document: (conversation, document, isWanted) => {
    if (conversation !== conversations.shown) return;
    // What comes by itself takes no room from the talk on a narrow screen.
    if (!isWanted && !panel.isOpen && !matchMedia(BESIDE).matches) return;
    panel.show(conversation.documents, document);
    if (isWanted) panel.focus();
  },
  follows: (sessionIds) => watch.follow(sessionIds),
});

function open(): void {
  const { sessionId, messageId } = addressed();
  if (sessionId === "" || sessionId !== conversations.shown.sessionId) panel.close();
  conversations.open(sessionId, messageId);
  // Having gone there once is enough; the same link leads there again.
  if (messageId) history.replaceState(null, "", addressOf(sessionId));
  list.current = sessionId;
  drawer.close();
  if (!messageId) composer.focus();
}

// Its address does not change by a tap on the session that is shown.
byId("sessions", HTMLElement).addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.closest("a")) drawer.close();
});

const search = new Search({
  left: (found) => {
    drawer.close();
    if (!found) composer.focus();
  },
});

function newChat(): void {
  if (location.hash === "" || location.hash === "#/") open();
  else location.hash = "#/";
}

byId("new-chat", HTMLButtonElement).prepend(icon("plus"));
byId("new-chat", HTMLButtonElement).addEventListener("click", newChat);
byId("to-end", HTMLButtonElement).prepend(icon("down"));
addEventListener("hashchange", open);
startKeyboard({
  write: () => composer.focus(),
  stop: () => void conversations.shown.stop(),
  search: () => {
    drawer.open();
    search.focus();
  },
  newChat,
});
open();
void picker.load();
void tools.restore();
void list.refresh();
performance.mark("interactive");
