import { openDialog } from "../dialogs/dialog";
import { fileNameOf } from "../documents/fileName";
import { download } from "../download";
import { make } from "../dom";
import { ExportFormat } from "../gen/chat/v1/sessions_pb";
import { authenticated, sessions } from "../service/service";

const forms = [
  { format: ExportFormat.MARKDOWN, mediaType: "text/markdown", name: "Markdown", about: "What is shown, to read" },
  {
    format: ExportFormat.JSON, mediaType: "application/json", name: "JSON",
    about: "All of it, with every version; can be imported again",
  },
] as const;

/** Asks for a form and saves the session as a file. */
export async function exportSession(sessionId: string, title: string): Promise<void> {
  const rows = forms.map(({ name, about }, i) => make("label", { className: "model-row" },
    make("input", { type: "radio", name: "form", value: name, checked: i === 0 }),
    make("span", {}, make("span", { className: "model-name" }, name), make("span", { className: "quiet" }, about))));
  const body = make("div", { role: "radiogroup", "aria-label": "Form", tabIndex: -1 }, ...rows);
  const agreed = await openDialog({
    title: "Export this chat", text: `“${title}” is saved as a file.`, body, confirm: "Export",
  });
  if (!agreed) return;
  const chosen = body.querySelector<HTMLInputElement>("input:checked")?.value;
  const { format, mediaType } = forms.find(({ name }) => name === chosen) ?? forms[0];
  const pieces = await authenticated(async () => {
    const read: Uint8Array<ArrayBuffer>[] = [];
    for await (const { data } of sessions.exportSession({ sessionId, format })) read.push(Uint8Array.from(data));
    return read;
  });
  download(fileNameOf(title || "chat", mediaType), pieces);
}
