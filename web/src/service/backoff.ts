const FIRST_MS = 100;
const LONGEST_MS = 5000;

/** How long to wait before the next try: doubling, with half of it by chance, so that many clients do not come at once. */
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
