import { blocksOf, renderBlock } from "./blocks";

// An open block above this many characters grows as plain text until it is closed: rendering it again for each frame
// would cost more than a frame has.
const PLAIN_ABOVE = 20_000;

// Above this many characters a block stays plain text: no one reads it as Markdown, and it would take seconds.
const PLAIN_FOR_GOOD_ABOVE = 300_000;

interface ShownBlock {
  type: string;
  raw: string;
  nodes: ChildNode[];
}

/** Markdown that is shown while it is written: a block is rendered once it is new or another than before. */
export class GrowingText {
  readonly element: HTMLElement;
  #text = "";
  /** All blocks that are shown, without the blank lines between them. */
  #blocks: ShownBlock[] = [];
  /** So many of them are closed: what comes cannot change them. */
  #closed = 0;
  /** Where the first block that is not closed begins. */
  #openFrom = 0;
  /** How much of the text has been taken into what is shown. */
  #shown = 0;
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
    if (text.length <= PLAIN_FOR_GOOD_ABOVE) {
      // A link may be defined below the block that uses it, which is rendered by then.
      if (/^ {0,3}\[[^\]]+\]:/m.test(text)) this.reset();
      // The blocks are those of the whole text, whatever its parts looked like.
      this.#closed = this.#openFrom = 0;
    }
    this.#text = text;
    this.#render(PLAIN_FOR_GOOD_ABOVE);
    this.#shown = text.length;
  }

  /** Shows nothing; what comes next is another text. */
  reset(): void {
    this.element.replaceChildren();
    this.#text = "";
    this.#blocks = [];
    this.#closed = this.#openFrom = this.#shown = 0;
    this.#plain = undefined;
  }

  #render(plainAbove: number): void {
    const open = normalized(this.#text.slice(this.#openFrom));
    this.#plain = undefined;
    if (open.length > PLAIN_FOR_GOOD_ABOVE) {
      this.#dropFrom(this.#closed);
      this.#growPlain(open);
      return;
    }

    const lexed = blocksOf(open);
    let from = 0;
    const blocks = lexed.map((block) => {
      const begin = from;
      from += block.raw.length;
      return { block, begin };
    }).filter(({ block }) => block.type !== "space");
    blocks.forEach(({ block, begin }, i) => {
      const at = this.#closed + i;
      const isPlain = i === blocks.length - 1 && block.raw.length > plainAbove;
      const before = this.#blocks[at];
      if (!isPlain && before?.type === block.type && before.raw === block.raw) return;
      this.#dropFrom(at);
      if (isPlain) this.#growPlain(open.slice(begin));
      else this.#append(block.type, block.raw, renderBlock(block, lexed.links));
    });
    this.#dropFrom(this.#closed + blocks.length);

    // Blank lines close nothing: a list or indented code may go on below them. Nor does a line that is still written:
    // what begins as the paragraph "2" may become the next item of the list above it.
    const last = blocks.at(-1);
    const closed = blocks.length - (last && open.indexOf("\n", last.begin) >= 0 ? 1 : 2);
    const next = blocks[closed];
    if (closed <= 0 || !next) return;
    this.#closed += closed;
    this.#openFrom += this.#lengthInText(next.begin);
  }

  #append(type: string, raw: string, content: DocumentFragment): void {
    this.#blocks.push({ type, raw, nodes: Array.from(content.childNodes) });
    this.element.append(content);
  }

  #dropFrom(index: number): void {
    for (const { nodes } of this.#blocks.splice(index)) {
      for (const node of nodes) node.remove();
    }
  }

  #growPlain(text: string): void {
    this.#plain = document.createTextNode(text);
    const block = document.createElement("p");
    block.dir = "auto";
    block.className = "plain";
    block.append(this.#plain);
    const content = document.createDocumentFragment();
    content.append(block);
    this.#append("plain", "", content);
    this.#closedBy = this.#text.length + text.length;
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
