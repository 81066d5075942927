import { timestampDate } from "@bufbuild/protobuf/wkt";
import { make } from "../dom";
import { MessageRole, type SearchHit, type TextSpan } from "../gen/chat/v1/sessions_pb";
import { addressOf } from "../sessions/address";

/** A place where the words were found: a link to it, and the text around them. */
export function hitRow(hit: SearchHit): HTMLLIElement {
  const found = markedText(hit.snippet, hit.matches);
  const link = make("a", { className: "hit", href: addressOf(hit.sessionId, hit.messageId) });
  if (hit.messageId === "") {
    link.append(make("span", { className: "hit-title", dir: "auto" }, ...found));
  } else {
    link.append(make("span", { className: "hit-title", dir: "auto" }, hit.sessionTitle || "New chat"),
      make("span", { className: "hit-text", dir: "auto" }, ...found));
  }
  link.append(make("span", { className: "hit-about" }, make("bdi", {}, whoOf(hit)), dateOf(hit)));
  return make("li", { className: "session-row" }, link);
}

/** The text with its matches marked. These are counted in Unicode scalars, of which an emoji is one. */
function markedText(text: string, matches: readonly TextSpan[]): (Node | string)[] {
  const scalars = Array.from(text);
  const pieces: (Node | string)[] = [];
  let at = 0;
  for (const { start, end } of [...matches].sort((a, b) => a.start - b.start)) {
    const from = Math.max(at, start);
    if (Math.min(end, scalars.length) <= from) continue;
    pieces.push(scalars.slice(at, from).join(""), make("mark", {}, scalars.slice(from, end).join("")));
    at = end;
  }
  return [...pieces, scalars.slice(at).join("")];
}

function whoOf({ messageId, role, author }: SearchHit): string {
  return messageId === "" ? "Title" : author || (role === MessageRole.USER ? "You" : "Answer");
}

function dateOf({ createTime }: SearchHit): string {
  return createTime ? ` · ${timestampDate(createTime).toLocaleDateString(undefined, { dateStyle: "medium" })}` : "";
}
