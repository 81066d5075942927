import { make } from "../dom";
import { openDialog } from "../dialogs/dialog";

const NAME = "chatgrpc.key";

let asking: Promise<boolean> | undefined;

/** The API key of this tab. It is gone with the tab and never in a URL. */
export function storedKey(): string | null {
  return sessionStorage.getItem(NAME);
}

/** Asks once, however many calls wait for the answer; false: the person has none. */
export function askForKey(refused: boolean): Promise<boolean> {
  asking ??= ask(refused).finally(() => (asking = undefined));
  return asking;
}

async function ask(refused: boolean): Promise<boolean> {
  const field = make("input", {
    type: "password", name: "key", required: true, autocomplete: "off", spellcheck: false, "aria-label": "API key",
  });
  const accepted = await openDialog({
    title: "API key",
    text: refused
      ? "The service does not accept the key that it was given. Enter another one."
      : "This service asks for an API key. It is kept until you close this tab.",
    body: field,
    confirm: "Continue",
  });
  if (accepted) sessionStorage.setItem(NAME, field.value.trim());
  return accepted;
}
