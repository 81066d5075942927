// Nearer than this to the end, in CSS pixels, a reader is taken to be at the end.
const NEAR_PX = 60;

/** Keeps the newest text in view, unless the reader has scrolled up to read something else. */
export class Scroller {
  readonly #area: HTMLElement;
  readonly #button: HTMLButtonElement;
  #follows = true;

  constructor(area: HTMLElement, button: HTMLButtonElement) {
    this.#area = area;
    this.#button = button;
    area.addEventListener("scroll", () => {
      this.#follows = this.#distance() < NEAR_PX;
      this.#button.hidden = this.#follows;
    }, { passive: true });
    button.addEventListener("click", () => this.toEnd());
    // A longer message, or a line above it, takes room away from below.
    new ResizeObserver(() => this.follow()).observe(area);
  }

  toEnd(): void {
    this.#follows = true;
    this.follow();
  }

  follow(): void {
    if (this.#follows) this.#area.scrollTop = this.#area.scrollHeight;
    this.#button.hidden = this.#follows || this.#distance() < NEAR_PX;
  }

  #distance(): number {
    return this.#area.scrollHeight - this.#area.scrollTop - this.#area.clientHeight;
  }
}
