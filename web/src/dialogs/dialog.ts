import { make } from "../dom";

interface Question {
  title: string;
  text: string;
  body?: HTMLElement;
  /** What the button says that agrees. */
  confirm: string;
  dangerous?: boolean;
}

/** Asks in a modal dialog; Escape and Cancel say no. */
export function openDialog(question: Question): Promise<boolean> {
  const look = question.dangerous ? "button danger" : "button primary";
  const form = make("form", { method: "dialog" },
    make("h2", { id: "dialog-title" }, question.title),
    make("p", {}, question.text),
    ...(question.body ? [question.body] : []),
    make("div", { className: "dialog-buttons" },
      make("button", { type: "submit", value: "no", className: "button", formNoValidate: true }, "Cancel"),
      make("button", { type: "submit", value: "yes", className: look }, question.confirm)));
  const dialog = make("dialog", { "aria-labelledby": "dialog-title" }, form);
  document.body.append(dialog);
  return new Promise((resolve) => {
    // Enter in a field submits by the first button, which is Cancel.
    question.body?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      form.requestSubmit(form.querySelector<HTMLButtonElement>("button[value=yes]"));
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
    (question.body ?? form.querySelector<HTMLButtonElement>("button[value=yes]"))?.focus();
  });
}
