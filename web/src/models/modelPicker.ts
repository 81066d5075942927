import { byId, icon, make } from "../dom";
import { type Model, ModelAvailability } from "../gen/chat/v1/models_pb";
import { failureOf } from "../service/failures";
import { authenticated, models } from "../service/service";

const NAME = "chatgrpc.model";

// With more models than this a field finds one by its name.
const SEARCH_ABOVE = 10;

/** The choice of the model that answers. Without one the service's default model does. */
export class ModelPicker {
  readonly #button = byId("model", HTMLButtonElement);
  readonly #menu = byId("models", HTMLElement);
  #models: Model[] = [];
  #default = "";
  #chosen = localStorage.getItem(NAME) ?? "";

  constructor() {
    this.#button.addEventListener("click", () => void this.load());
    this.#menu.addEventListener("toggle", () => {
      const open = this.#menu.matches(":popover-open");
      this.#button.setAttribute("aria-expanded", String(open));
      if (open) this.#place();
    });
    this.#show();
  }

  /** The alias to send. */
  get selected(): string {
    const model = this.#models.find(({ alias }) => alias === this.#chosen);
    return model && isUsable(model) ? this.#chosen : this.#default;
  }

  async load(): Promise<void> {
    try {
      const list = await authenticated(() => models.listModels({}));
      const before = this.#models.map(appearance).join();
      this.#models = list.models;
      this.#default = list.defaultModel;
      // The person may be choosing or searching in what is there.
      if (before !== this.#models.map(appearance).join()) this.#fill(...this.#rows());
    } catch (error) {
      this.#models = [];
      this.#fill(make("p", { className: "quiet" }, `No list of models: ${failureOf(error).what}`));
    }
    this.#show();
  }

  #fill(...content: HTMLElement[]): void {
    this.#menu.replaceChildren(...content);
    if (this.#menu.matches(":popover-open")) this.#place();
  }

  #show(): void {
    this.#button.replaceChildren(this.selected || "Model", icon("down"));
    this.#button.setAttribute("aria-label", `Model: ${this.selected || "the service's default"}`);
  }

  #rows(): HTMLElement[] {
    const rows = this.#models.map((model) => this.#row(model));
    const list = make("div", { className: "model-rows", role: "radiogroup", "aria-label": "Model" }, ...rows);
    if (rows.length <= SEARCH_ABOVE) return [list];
    const search = make("input", {
      type: "search", placeholder: "Find a model", "aria-label": "Find a model",
      oninput: () => {
        const wanted = search.value.trim().toLowerCase();
        for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
      },
    });
    return [search, list];
  }

  #row(model: Model): HTMLElement {
    const { alias, resolvedModel, provider, capabilities } = model;
    const abilities = [
      alias === this.#default && "default", capabilities?.images && "reads pictures",
      capabilities?.reasoning && "reasons",
    ].filter(Boolean).join(" · ");
    const names = resolvedModel && resolvedModel !== alias ? `${provider} · ${resolvedModel}` : provider;
    const choice = make("input", {
      type: "radio", name: "model", value: alias, checked: alias === this.selected, disabled: !isUsable(model),
      onchange: () => {
        this.#chosen = alias;
        localStorage.setItem(NAME, alias);
        this.#show();
      },
      // A click chooses and is done; arrows go through the list.
      onclick: (event: MouseEvent) => event.detail > 0 && this.#menu.hidePopover(),
    });
    const about = [names, abilities].filter(Boolean).join(" · ");
    const words = make("span", {}, make("span", { className: "model-name" }, alias),
      make("span", { className: "quiet" }, about));
    if (!isUsable(model)) {
      words.append(make("span", { className: "model-why" }, model.unavailableReason || "Not available."));
    }
    return make("label", { className: "model-row" }, choice, words);
  }

  // Above the button; the browser lays a popover over everything, so no parent places it.
  #place(): void {
    const { left, top } = this.#button.getBoundingClientRect();
    this.#menu.style.left = `${Math.max(8, Math.min(left, innerWidth - this.#menu.offsetWidth - 8))}px`;
    this.#menu.style.bottom = `${innerHeight - top + 8}px`;
    this.#menu.style.maxHeight = `${top - 16}px`;
    this.#menu.querySelector<HTMLInputElement>("input[type=search], input:checked")?.focus();
  }
}

/** What a row of the menu depends on. */
function appearance({ alias, resolvedModel, availability, unavailableReason }: Model): string {
  return [alias, resolvedModel, availability, unavailableReason].join("|");
}

function isUsable(model: Model): boolean {
  return model.availability !== ModelAvailability.UNAVAILABLE;
}
