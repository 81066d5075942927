// Shorter than this a connection may be away without anybody being told.
const PATIENCE_MS = 1500;

/** Says that nothing comes from the service, for as long as that is so. */
export class LinkNotice {
  readonly #element: HTMLElement;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  show(up: boolean): void {
    clearTimeout(this.#timer);
    this.#element.hidden ||= up;
    if (!up) this.#timer = setTimeout(() => this.#say(), PATIENCE_MS);
  }

  #say(): void {
    this.#element.textContent = "The service does not answer. What is missing comes as soon as it does.";
    this.#element.hidden = false;
  }
}
