import { make } from "../dom";

/** A popover above its button, which is at the bottom of the page. */
export class Menu {
  readonly #button: HTMLButtonElement;
  readonly #element: HTMLElement;
  readonly #focused: string;

  /** @param focused What in it gets the focus when it opens, as a selector. */
  constructor(button: HTMLButtonElement, element: HTMLElement, focused: string) {
    this.#button = button;
    this.#element = element;
    this.#focused = focused;
    element.addEventListener("toggle", () => {
      button.setAttribute("aria-expanded", String(this.#isOpen));
      if (this.#isOpen) this.#place();
    });
  }

  fill(...content: HTMLElement[]): void {
    this.#element.replaceChildren(...content);
    if (this.#isOpen) this.#place();
  }

  close(): void {
    this.#element.hidePopover();
  }

  get #isOpen(): boolean {
    return this.#element.matches(":popover-open");
  }

  // The browser lays a popover over everything, so no parent places it.
  #place(): void {
    const { left, top } = this.#button.getBoundingClientRect();
    this.#element.style.left = `${Math.max(8, Math.min(left, innerWidth - this.#element.offsetWidth - 8))}px`;
    this.#element.style.bottom = `${innerHeight - top + 8}px`;
    this.#element.style.maxHeight = `${top - 16}px`;
    this.#element.querySelector<HTMLElement>(this.#focused)?.focus();
  }
}

/** A field above the rows of a menu that hides those which do not have what is typed. */
export function searchOf(rows: readonly HTMLElement[], label: string): HTMLInputElement {
  const search = make("input", {
    type: "search", placeholder: label, "aria-label": label,
    oninput: () => {
      const wanted = search.value.trim().toLowerCase();
      for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    },
  });
  return search;
}
