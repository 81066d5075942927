import { make } from "../dom";
import type { ToolPart } from "../conversation/answerParts";
import { failureOf } from "../service/failures";

export interface Output {
  case: "json" | "text";
  value: string;
}

/** Gives a call its result. */
export type Submit = (toolCallId: string, output: Output, isError: boolean) => Promise<void>;

let forms = 0;

/** Where a person gives the result of a tool that the client runs. */
export class ResultForm {
  readonly element: HTMLFormElement;
  readonly #tool: ToolPart;
  readonly #submit: Submit;
  readonly #field = make("textarea", { rows: 2, dir: "auto", autocomplete: "off" });
  readonly #isJson = make("input", { type: "checkbox" });
  readonly #isError = make("input", { type: "checkbox" });
  readonly #send = make("button", { type: "submit", className: "button primary" }, "Give the result");
  readonly #said = make("p", { className: "result-said", role: "alert", hidden: true });

  constructor(tool: ToolPart, submit: Submit) {
    this.#tool = tool;
    this.#submit = submit;
    const why = make("p", { id: `result-${++forms}` }, "The answer waits for the result of ",
      make("bdi", { className: "tool-name" }, tool.name),
      ". The program that sent the message gives it, or you can do so here.");
    this.#field.setAttribute("aria-label", `Result of ${tool.name}`);
    this.#field.setAttribute("aria-describedby", why.id);
    this.element = make("form", { className: "result-form" }, why, this.#field,
      make("div", { className: "result-bar" },
        make("label", {}, this.#isJson, "It is JSON"), make("label", {}, this.#isError, "The tool failed"),
        this.#send),
      this.#said);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#give();
    });
    // Elsewhere Escape ends the answer.
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") event.stopPropagation();
    });
  }

  async #give(): Promise<void> {
    const value = this.#field.value;
    if (this.#isJson.checked && !isJson(value)) {
      this.#tell("This is not JSON.");
      this.#field.focus();
      return;
    }

    this.#send.disabled = true;
    this.#said.hidden = true;
    try {
      const output = { case: this.#isJson.checked ? "json" as const : "text" as const, value };
      await this.#submit(this.#tool.id, output, this.#isError.checked);
      // The answer goes on, and brings the result itself; whoever answered writes next.
      this.element.replaceChildren(make("p", {}, "The result is given."));
    } catch (error) {
      this.#send.disabled = false;
      const { what, advice } = failureOf(error);
      this.#tell(`${what} ${advice}`);
    }
  }

  #tell(text: string): void {
    this.#said.hidden = false;
    this.#said.textContent = text;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
