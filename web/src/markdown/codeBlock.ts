import { icon, iconButton, make } from "../dom";

// So long the button says that it is done.
const THANKS_MS = 1500;

/** Code in a frame that names the language and copies the text. */
export function codeBlock(code: string, info: string | undefined): HTMLElement {
  const language = info?.trim().split(/\s/, 1)[0] ?? "";
  const head = make("div", { className: "code-head" }, make("span", {}, language));
  // The clipboard is there on HTTPS and localhost only.
  if (navigator.clipboard) head.append(copyButton(code));
  return make("div", { className: "code", dir: "ltr" }, head,
    make("pre", { tabIndex: 0, role: "region", "aria-label": language ? `Code, ${language}` : "Code" },
      make("code", {}, code)));
}

function copyButton(code: string): HTMLButtonElement {
  const button = iconButton("copy", "Copy", async () => {
    const copied = await navigator.clipboard.writeText(code).then(() => true, () => false);
    const said = copied ? "Copied" : "The browser does not allow it";
    button.setAttribute("aria-label", said);
    button.title = said;
    if (copied) button.replaceChildren(icon("check"));
    setTimeout(() => {
      button.replaceChildren(icon("copy"));
      button.setAttribute("aria-label", "Copy");
      button.title = "Copy";
    }, THANKS_MS);
  });
  return button;
}
