import { make } from "../dom";
import { openDialog } from "../dialogs/dialog";

const NAME = "chatgrpc.key";

let asking: Promise<boolean> | undefined;
const listeners: (() => void)[] = [];

/** The API key of this tab. It is gone with the tab and never in a URL. */
export function storedKey(): string | null {
  const key = sessionStorage.getItem(NAME);
  return key !== null && isKey(key) ? key : null;
}

/** Calls it each time that the person has given a key. */
export function onNewKey(listener: () => void): void {
  listeners.push(listener);
}

/** Asks once, however many calls wait for the answer; false: the person has none. */
export function askForKey(refused: boolean): Promise<boolean> {
  asking ??= ask(refused).finally(() => (asking = undefined));
  return asking;
}

async function ask(refused: boolean): Promise<boolean> {
  let text = refused
    ? "The service does not accept the key that it was given. Enter another one."
    : "This service asks for an API key. It is kept until you close this tab.";
  for (;;) {
    const field = make("input", {
      type: "password", name: "key", required: true, autocomplete: "off", spellcheck: false, "aria-label": "API key",
    });
    if (!(await openDialog({ title: "API key", text, body: field, confirm: "Continue" }))) return false;
    const key = field.value.trim();
    if (isKey(key)) {
      sessionStorage.setItem(NAME, key);
      for (const listener of listeners) listener();
      return true;
    }
    text = "A key has plain letters, digits and signs only, and what you entered has others. Enter it again.";
  }
}

/** Printable ASCII: a header takes nothing else. */
function isKey(text: string): boolean {
  return /^[\x20-\x7e]+$/.test(text);
}
