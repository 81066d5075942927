interface Actions {
  write(): void;
  stop(): void;
  newChat(): void;
}

/** The keys that work everywhere on the page; the line below the composer tells them. */
export function startKeyboard(actions: Actions): void {
  addEventListener("keydown", (event) => {
    // A dialog or a menu has its own use of the keys.
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open], :popover-open")) return;
    if (event.key === "Escape") {
      // Holding it down is one wish, not many.
      if (!event.repeat) actions.stop();
    } else if (event.key === "/" && !isWriting(event.target)) {
      event.preventDefault();
      actions.write();
    } else if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      actions.newChat();
    }
  });
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
