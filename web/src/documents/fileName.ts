const LONGEST = 80;

// Signs that have a meaning in paths, and those that would show a name in another order than it has.
const unfit = /[\u0000-\u001f\u007f-\u009f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

// Names that Windows keeps for devices, whatever follows the dot.
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

const endings: Record<string, string> = {
  "application/json": ".json", "text/markdown": ".md", "text/plain": ".txt", "text/html": ".html", "text/csv": ".csv",
  "application/xml": ".xml", "text/xml": ".xml", "application/yaml": ".yaml", "application/toml": ".toml",
  "application/sql": ".sql", "application/javascript": ".js", "text/javascript": ".js", "application/pdf": ".pdf",
  "image/png": ".png", "image/jpeg": ".jpg",
};

/** A name under which a document can be saved anywhere. */
export function fileNameOf(title: string, mediaType: string): string {
  const fit = title.replace(unfit, " ").replace(/\s+/g, " ").replace(/^[. ]+|[. ]+$/g, "");
  const short = Array.from(fit).slice(0, LONGEST).join("").trimEnd() || "document";
  const ending = endings[bareType(mediaType)] ?? "";
  const name = short.toLowerCase().endsWith(ending) ? short : short + ending;
  return devices.test(name) ? `_${name}` : name;
}

/** The media type without its parameters. */
export function bareType(mediaType: string): string {
  return mediaType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
