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

  /** Goes to an element, and stays there while the end grows. */
  show(element: HTMLElement): void {
    this.#follows = false;
    element.scrollIntoView({ block: "start" });
    this.follow();
  }

  /** What has taken the place of something else stands as far down as that did. */
  place(element: HTMLElement, top: number): void {
    this.#follows = false;
    this.#area.scrollTop += element.getBoundingClientRect().top - top;
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
