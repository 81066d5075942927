import { blocksOf, renderBlock } from "./blocks";

// An open block above this many characters grows as plain text until it is closed: rendering it again for each frame
// would cost more than a frame has.
const PLAIN_ABOVE = 20_000;

// Above this many characters a block stays plain text: no one reads it as Markdown, and it would take seconds.
const PLAIN_FOR_GOOD_ABOVE = 300_000;

/** Markdown that is shown while it is written: closed blocks are rendered once, only the last one again and again. */
export class GrowingText {
  readonly element: HTMLElement;
  #text = "";
  /** Where the open block begins. */
  #openFrom = 0;
  /** How much of the text has been taken into what is shown. */
  #shown = 0;
  #open: ChildNode[] = [];
  #plain: Text | undefined;
  /** The length at which it is looked again whether the plain block has been closed. */
  #closedBy = 0;

  constructor(element: HTMLElement) {
    this.element = element;
  }

  /** Shows the text so far, of which all but the end is what was shown before. */
  show(text: string): void {
    this.#text = text;
    if (text.length === this.#shown) return;
    this.#plain?.appendData(text.slice(this.#shown));
    this.#shown = text.length;
    if (!this.#plain || text.length > this.#closedBy) this.#render(PLAIN_ABOVE);
  }

  /** The text is whole. */
  finish(text: string): void {
    // A link may be defined below the block that uses it, which is rendered by then.
    if (text.length <= PLAIN_FOR_GOOD_ABOVE && /^ {0,3}\[[^\]]+\]:/m.test(text)) this.reset();
    this.#text = text;
    this.#render(PLAIN_FOR_GOOD_ABOVE);
    this.#shown = text.length;
  }

  /** Shows nothing; what comes next is another text. */
  reset(): void {
    this.element.replaceChildren();
    this.#text = "";
    this.#openFrom = this.#shown = 0;
    this.#open = [];
    this.#plain = undefined;
  }

  #render(plainAbove: number): void {
    const open = normalized(this.#text.slice(this.#openFrom));
    for (const node of this.#open) node.remove();
    this.#open = [];
    this.#plain = undefined;
    if (open.length > PLAIN_FOR_GOOD_ABOVE) {
      this.#growPlain(open);
      return;
    }

    const blocks = blocksOf(open);
    blocks.forEach((block, i) => {
      const last = i === blocks.length - 1;
      if (last && block.raw.length > plainAbove) {
        this.#growPlain(block.raw);
        return;
      }

      const fragment = renderBlock(block, blocks.links);
      if (last) {
        this.#open = Array.from(fragment.childNodes);
      } else {
        this.#openFrom += this.#lengthInText(block.raw.length);
      }
      this.element.append(fragment);
    });
  }

  #growPlain(text: string): void {
    this.#plain = document.createTextNode(text);
    const block = document.createElement("p");
    block.dir = "auto";
    block.className = "plain";
    block.append(this.#plain);
    this.#open = [block];
    this.element.append(block);
    this.#closedBy = this.#openFrom + 2 * text.length;
  }

  // A line break may be two characters in the text and is one in the blocks.
  #lengthInText(length: number): number {
    let end = this.#openFrom;
    for (let i = 0; i < length; i++) {
      end += this.#text[end] === "\r" && this.#text[end + 1] === "\n" ? 2 : 1;
    }
    return end - this.#openFrom;
  }
}

function normalized(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}
