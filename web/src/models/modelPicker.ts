import { Menu, searchOf } from "../dialogs/menu";
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
  readonly #menu = new Menu(
    this.#button, byId("models", HTMLElement), "input[type=search], input:checked");
  #models: Model[] = [];
  #default = "";
  #chosen = localStorage.getItem(NAME) ?? "";

  constructor() {
    this.#button.addEventListener("click", () => void this.load());
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
      if (before !== this.#models.map(appearance).join()) this.#menu.fill(...this.#rows());
    } catch (error) {
      this.#models = [];
      this.#menu.fill(make("p", { className: "quiet" }, `No list of models: ${failureOf(error).what}`));
    }
    this.#show();
  }

  #show(): void {
    this.#button.replaceChildren(this.selected || "Model", icon("down"));
    this.#button.setAttribute("aria-label", `Model: ${this.selected || "the service's default"}`);
  }

  #rows(): HTMLElement[] {
    const rows = this.#models.map((model) => this.#row(model));
    const list = make("div", { className: "model-rows", role: "radiogroup", "aria-label": "Model" }, ...rows);
    if (rows.length <= SEARCH_ABOVE) return [list];
    return [searchOf(rows, "Find a model"), list];
  }

  #row(model: Model): HTMLElement {
    const { alias, resolvedModel, provider, capabilities, fallbacks } = model;
    const abilities = [
      alias === this.#default && "default", capabilities?.images && "reads pictures",
      capabilities?.reasoning && "reasons", fallbacks.length > 0 && `falls back on ${fallbacks.join(", ")}`,
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
      onclick: (event: MouseEvent) => event.detail > 0 && this.#menu.close(),
    });
    const about = [names, abilities].filter(Boolean).join(" · ");
    const words = make("span", {}, make("span", { className: "model-name" }, alias),
      make("span", { className: "quiet" }, about));
    if (!isUsable(model)) {
      words.append(make("span", { className: "model-why" }, model.unavailableReason || "Not available."));
    }
    return make("label", { className: "model-row" }, choice, words);
  }
}

/** What a row of the menu depends on. */
function appearance({ alias, resolvedModel, availability, unavailableReason }: Model): string {
  return [alias, resolvedModel, availability, unavailableReason].join("|");
}

function isUsable(model: Model): boolean {
  return model.availability !== ModelAvailability.UNAVAILABLE;
}
