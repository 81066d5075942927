import { icon, make } from "../dom";
import type { ToolPart } from "../conversation/answerParts";
import { prettyJson } from "../documents/json";
import { ToolKind } from "../gen/chat/v1/events_pb";
import { summaryOf } from "./arguments";
import { ResultForm, type Submit } from "./resultForm";

const kinds: Partial<Record<ToolKind, string>> = {
  [ToolKind.SERVER]: "A tool of the service", [ToolKind.MCP]: "A tool of an MCP server",
  [ToolKind.CLIENT]: "A tool of whoever sent the message",
};

/** A call of a tool in a line that opens: what was asked, how far it is, what it came to. All of it is text only. */
export class ToolView {
  readonly element = make("li", {});
  readonly tool: ToolPart;
  readonly #submit: Submit;
  readonly #asked = make("bdi", { className: "tool-asked" });
  readonly #state = make("span", { className: "tool-state" });
  readonly #bar = make("progress", { max: 1, hidden: true, "aria-label": "Progress" });
  readonly #more = make("div", { className: "tool-more" });
  readonly #details: HTMLDetailsElement;
  #form: ResultForm | undefined;
  #shown = "";
  #isEnded = false;

  constructor(tool: ToolPart, submit: Submit) {
    this.tool = tool;
    this.#submit = submit;
    this.#details = make("details", { className: "tool", ontoggle: () => this.#fill() },
      make("summary", { title: kinds[tool.toolKind] }, icon("tool"), make("bdi", { className: "tool-name" }, tool.name),
        this.#asked, this.#bar, this.#state),
      this.#more);
    this.element.append(this.#details);
  }

  /** Nothing more will happen to it by itself. */
  get isSettled(): boolean {
    return this.tool.result !== undefined || this.#isEnded;
  }

  get hasFailed(): boolean {
    return this.tool.result?.isError ?? false;
  }

  show(isEnded: boolean): void {
    const shown = `${this.tool.changes} ${isEnded}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#isEnded = isEnded;
    const { result, progress, arguments: asked, isWhole } = this.tool;
    const waits = this.#waits;
    this.#details.dataset["state"] = result ? (result.isError ? "failed" : "done") : waits ? "waits" : isEnded
      ? "stopped" : "runs";
    this.#asked.textContent = summaryOf(asked, isWhole);
    this.#state.textContent = this.#stateInWords();
    this.#bar.hidden = this.isSettled || progress?.fraction === undefined;
    this.#bar.value = progress?.fraction ?? 0;
    if (waits && !this.#form) {
      this.#form = new ResultForm(this.tool, this.#submit);
      this.element.append(this.#form.element);
    } else if (!waits) {
      this.#form?.element.remove();
    }
    this.#fill();
  }

  get #waits(): boolean {
    return this.tool.toolKind === ToolKind.CLIENT && this.tool.isWhole && !this.isSettled;
  }

  #stateInWords(): string {
    const { result, progress } = this.tool;
    if (result) return `${result.isError ? "failed after " : ""}${duration(result.durationMs)}`;
    if (this.#isEnded) return "not finished";
    return this.#waits ? "waits for its result" : progress?.note || "runs…";
  }

  // Texts of tools can be long, and few of them are looked at.
  #fill(): void {
    if (!this.#details.open) {
      this.#more.replaceChildren();
      return;
    }

    const { result, progress, arguments: asked } = this.tool;
    const rows = [row("Arguments", prettyJson(asked) || "none yet")];
    if (progress && !result) {
      const share = progress.fraction === undefined ? "" : `${Math.round(progress.fraction * 100)} % `;
      rows.push(row("Progress", `${share}${progress.note}`));
    }
    if (result) {
      const { case: kind, value = "" } = result.output;
      rows.push(row(result.isError ? "Error" : "Result", kind === "json" ? prettyJson(value) : value || "nothing"));
    }
    this.#more.replaceChildren(...rows);
  }
}

function row(label: string, text: string): HTMLElement {
  return make("div", {}, make("span", { className: "quiet" }, label),
    make("pre", { tabIndex: 0, role: "region", "aria-label": label, dir: "auto" }, text));
}

function duration(milliseconds: bigint): string {
  const ms = Number(milliseconds);
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}
