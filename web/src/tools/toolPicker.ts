import { Menu, searchOf } from "../dialogs/menu";
import { byId, icon, make } from "../dom";
import { type ListToolsResponse, type Tool, ToolServerState } from "../gen/chat/v1/tools_pb";
import { failureOf } from "../service/failures";
import { authenticated, tools } from "../service/service";

const NAME = "chatgrpc.tools";

// With more tools than this a field finds one by its name.
const SEARCH_ABOVE = 10;

/** The choice of the tools that the model may call. Without one they are those that the service offers by itself. */
export class ToolPicker {
  readonly #button = byId("tools", HTMLButtonElement);
  readonly #menu = new Menu(this.#button, byId("tool-menu", HTMLElement), "input");
  #listed: ListToolsResponse | undefined;
  #chosen = remembered();

  constructor() {
    // Asking starts the servers of tools: only those who look, or have chosen, have the service do that.
    this.#button.addEventListener("click", () => void this.#load());
    this.#show();
  }

  /** The names to send; undefined: nothing was chosen. */
  get selected(): string[] | undefined {
    const listed = this.#listed?.tools;
    // A tool that is away stays chosen, for when it is back; named in a message it would only have that refused.
    return listed ? this.#chosen?.filter((chosen) => listed.some(({ name }) => name === chosen)) : this.#chosen;
  }

  /** Asks for the tools if some were chosen earlier: they may not be there any more. */
  async restore(): Promise<void> {
    if (this.#chosen) await this.#load();
  }

  async #load(): Promise<void> {
    try {
      const before = JSON.stringify(appearance(this.#listed));
      this.#listed = await authenticated(() => tools.listTools({}));
      // The person may be choosing or searching in what is there.
      if (before !== JSON.stringify(appearance(this.#listed))) this.#fill(this.#listed);
    } catch (error) {
      this.#listed = undefined;
      this.#menu.fill(make("p", { className: "quiet" }, `No list of tools: ${failureOf(error).what}`));
    }
    this.#show();
  }

  #fill(listed: ListToolsResponse): void {
    const { servers } = listed;
    const groups = [
      this.#group("Built in", "", listed.tools.filter(({ server }) => server === "")),
      ...servers.map(({ name, state, unavailableReason }) => this.#group(name, state === ToolServerState.UNAVAILABLE
        ? unavailableReason || "Not available." : "", listed.tools.filter(({ server }) => server === name))),
    ].filter((group) => group !== undefined);
    if (groups.length === 0) {
      this.#menu.fill(make("p", { className: "quiet" }, "This service has no tools."));
      return;
    }

    const reset = make("button", {
      type: "button", className: "button tools-reset", onclick: () => {
        this.#choose(undefined);
        this.#fill(listed);
      },
    }, "As the service offers them");
    const rows = groups.flatMap((group) => Array.from(group.querySelectorAll<HTMLElement>("label")));
    const search = rows.length > SEARCH_ABOVE ? [searchOf(rows, "Find a tool")] : [];
    this.#menu.fill(...search, ...groups, reset);
  }

  #group(name: string, reason: string, listed: readonly Tool[]): HTMLElement | undefined {
    if (listed.length === 0 && !reason) return undefined;
    return make("fieldset", { className: "tool-server" },
      make("legend", { className: "quiet", dir: "auto" }, name),
      ...(reason ? [make("p", { className: "model-why", dir: "auto" }, reason)] : []),
      ...listed.map((tool) => this.#row(tool)));
  }

  #row({ name, title, description }: Tool): HTMLElement {
    const choice = make("input", {
      type: "checkbox", value: name, checked: this.#names.includes(name),
      onchange: () => {
        const others = this.#names.filter((one) => one !== name);
        this.#choose(choice.checked ? [...others, name] : others);
      },
    });
    const words = make("span", {}, make("span", { className: "model-name", dir: "auto" }, title || name),
      make("span", { className: "quiet tool-about", dir: "auto" }, description));
    return make("label", { className: "model-row" }, choice, words);
  }

  /** The tools that the model may call now. */
  get #names(): string[] {
    return this.#chosen ?? this.#offered;
  }

  get #offered(): string[] {
    return (this.#listed?.tools ?? []).filter((tool) => tool.offeredByDefault).map(({ name }) => name);
  }

  #choose(names: string[] | undefined): void {
    this.#chosen = names && isSame(names, this.#offered) ? undefined : names;
    if (this.#chosen) localStorage.setItem(NAME, JSON.stringify(this.#chosen));
    else localStorage.removeItem(NAME);
    this.#show();
  }

  #show(): void {
    const count = this.selected?.length;
    const said = count === undefined ? "as the service offers them" : count === 0 ? "none" : `${count} chosen`;
    this.#button.replaceChildren(icon("tool"), ...(count === undefined ? [] : [count === 0 ? "none" : `${count}`]));
    this.#button.setAttribute("aria-label", `Tools: ${said}`);
    this.#button.title = `Tools: ${said}`;
  }
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name) => others.includes(name));
}

function remembered(): string[] | undefined {
  try {
    const names: unknown = JSON.parse(localStorage.getItem(NAME) ?? "null");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : undefined;
  } catch {
    return undefined;
  }
}

/** What the menu depends on. */
function appearance(listed: ListToolsResponse | undefined): unknown {
  return listed && [
    listed.tools.map(({ name, title, description, server, offeredByDefault }) =>
      [name, title, description, server, offeredByDefault]),
    listed.servers.map(({ name, state, unavailableReason }) => [name, state, unavailableReason]),
  ];
}
