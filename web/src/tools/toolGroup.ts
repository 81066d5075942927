import { make } from "../dom";
import type { ToolPart } from "../conversation/answerParts";
import type { Submit } from "./resultForm";
import { ToolView } from "./toolView";

// So many calls in a row are seen at a time; a model that works for long makes dozens.
const SHOWN = 4;

/** Calls in a row: a line each, the newest ones; those before come by a button. */
export class ToolGroup {
  readonly element: HTMLElement;
  readonly #submit: Submit;
  readonly #list = make("ul", { className: "tools", "aria-label": "Tools" });
  readonly #more = make("button", {
    type: "button", className: "tools-more", hidden: true, "aria-expanded": "false", onclick: () => this.#open(),
  });
  #views: ToolView[] = [];
  #isOpen = false;

  constructor(submit: Submit) {
    this.#submit = submit;
    this.element = make("div", { className: "tool-group" }, this.#more, this.#list);
  }

  show(tools: readonly ToolPart[], isEnded: boolean): void {
    tools.forEach((tool, i) => {
      if (this.#views[i] && this.#views[i].tool !== tool) this.#dropFrom(i);
      let view = this.#views[i];
      if (!view) {
        view = this.#views[i] = new ToolView(tool, this.#submit);
        this.#list.append(view.element);
      }
      view.show(isEnded);
    });
    this.#dropFrom(tools.length);
    this.#fold();
  }

  #open(): void {
    this.#isOpen = !this.#isOpen;
    this.#fold();
  }

  // What still runs, or waits for somebody, is never out of sight.
  #fold(): void {
    const early = this.#views.slice(0, -SHOWN).filter(({ isSettled }) => isSettled);
    for (const view of this.#views) view.element.hidden = !this.#isOpen && early.includes(view);
    this.#more.hidden = early.length === 0;
    const failed = early.filter(({ hasFailed }) => hasFailed).length;
    const count = `${early.length} earlier ${early.length === 1 ? "call" : "calls"}`;
    const text = `${this.#isOpen ? "Hide" : "Show"} ${count}${failed > 0 ? `, ${failed} failed` : ""}`;
    if (this.#more.textContent !== text) this.#more.textContent = text;
    this.#more.setAttribute("aria-expanded", String(this.#isOpen));
  }

  #dropFrom(index: number): void {
    for (const { element } of this.#views.splice(index)) element.remove();
  }
}
