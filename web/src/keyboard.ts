interface Actions {
  write(): void;
  stop(): void;
  search(): void;
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
    } else if (event.ctrlKey || event.metaKey) {
      const action = event.key === "k" ? actions.search : event.key === "O" && event.shiftKey && actions.newChat;
      if (!action) return;
      event.preventDefault();
      action();
    }
  });
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
