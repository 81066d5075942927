const FIRST_MS = 100;
const LONGEST_MS = 5000;

/** How long to wait before the next try: each time twice as long, and half of it by chance, for many may be waiting. */
export class Backoff {
  #tries = 0;

  next(): number {
    const bound = Math.min(LONGEST_MS, FIRST_MS * 2 ** ++this.#tries);
    return bound / 2 + Math.random() * bound / 2;
  }

  reset(): void {
    this.#tries = 0;
  }
}
