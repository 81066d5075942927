import { Marked, type Token, type TokensList } from "marked";
import { codeBlock } from "./codeBlock";
import { directionOf } from "./direction";
import { handWritten, isSafeLink, sanitize } from "./sanitize";

const anyTag = /<[^>]*>?/g;

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    // HTML that is not shown as HTML is shown as text: nothing that a model wrote vanishes.
    html(token) {
      const known = Array.from(token.text.matchAll(anyTag)).every(([tag]) => bareTag(tag) !== "");
      const shown = known ? token.text.replace(anyTag, bareTag) : escape(token.text);
      return "block" in token && token.block ? `<p>${shown}</p>` : shown;
    },
    link({ href, title, tokens }) {
      const label = this.parser.parseInline(tokens);
      if (!isSafeLink(href)) return label;
      return `<a href="${escape(href)}"${title ? ` title="${escape(title)}"` : ""}>${label}</a>`;
    },
    // Loading a picture would tell its server who reads, and when.
    image({ href, text }) {
      const label = escape(text || href);
      return isSafeLink(href) ? `<a href="${escape(href)}">Picture: ${label}</a>` : label;
    },
  },
});

/** The blocks of a text: paragraphs, lists, code, ... Their raw texts together are the text. */
export function blocksOf(text: string): TokensList {
  return marked.lexer(text);
}

/** The block as nodes that are safe to show. */
export function renderBlock(block: Token, links: TokensList["links"]): DocumentFragment {
  if (block.type === "code") {
    const fragment = document.createDocumentFragment();
    fragment.append(codeBlock(block["text"] as string, block["lang"] as string | undefined));
    return fragment;
  }

  const list = Object.assign([block], { links }) as TokensList;
  const fragment = sanitize(marked.parser(list));
  // Each block finds its own direction: an answer may hold several languages.
  for (const node of fragment.querySelectorAll("p, h1, h2, h3, h4, h5, h6, li, th, td")) {
    node.setAttribute("dir", "auto");
  }
  // Of these the browser would look only at what is in no block inside them.
  for (const node of fragment.querySelectorAll("ul, ol, blockquote")) {
    node.setAttribute("dir", directionOf(node.textContent ?? ""));
  }
  for (const pre of fragment.querySelectorAll("pre")) {
    const language = /language-(\S+)/.exec(pre.querySelector("code")?.className ?? "")?.[1];
    pre.replaceWith(codeBlock(pre.textContent ?? "", language));
  }
  for (const table of fragment.querySelectorAll("table")) {
    const frame = document.createElement("div");
    frame.className = "table-frame";
    table.replaceWith(frame);
    frame.append(table);
  }
  return fragment;
}

/** The tag without its attributes; nothing for a tag that is not to be shown as HTML. */
function bareTag(tag: string): string {
  const [, slash, name] = /^<(\/?)([a-z]+)(?=[\s/>])/i.exec(tag) ?? [];
  return name !== undefined && handWritten.has(name.toLowerCase()) ? `<${slash}${name}>` : "";
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
