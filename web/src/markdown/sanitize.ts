import DOMPurify from "dompurify";

// What Markdown itself makes, and no more.
const tags = [
  "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong",
  "del", "a", "table", "thead", "tbody", "tr", "th", "td", "input",
];

/** HTML that a model may write by hand, without attributes: it only shapes text. All else is shown as text. */
export const handWritten = new Set(["b", "i", "u", "s", "em", "strong", "del", "sub", "sup", "kbd", "mark", "br"]);

const schemes = /^(?:https?:|mailto:)/i;

const purify = DOMPurify();
purify.addHook("afterSanitizeAttributes", (node) => {
  if (node instanceof HTMLAnchorElement && node.hasAttribute("href")) {
    node.target = "_blank";
    node.rel = "noopener noreferrer";
  } else if (node instanceof HTMLInputElement) {
    // The box of a task list.
    node.type = "checkbox";
    node.disabled = true;
  }
  if (!/^language-[\w+#.-]+$/.test(node.getAttribute("class") ?? "")) node.removeAttribute("class");
});

export function isSafeLink(href: string): boolean {
  return schemes.test(href.trim());
}

export function sanitize(html: string): DocumentFragment {
  return purify.sanitize(html, {
    ALLOWED_TAGS: [...tags, ...handWritten],
    ALLOWED_ATTR: ["href", "title", "align", "start", "class", "type", "checked", "disabled"],
    ALLOWED_URI_REGEXP: schemes,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}
