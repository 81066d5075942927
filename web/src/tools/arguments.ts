// As much as fits beside a name.
const LENGTH = 90;

/** A call's arguments in a few words; what is not whole yet is shown as it comes. */
export function summaryOf(json: string, isWhole: boolean): string {
  const text = isWhole ? inWords(json) : json;
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= LENGTH ? line : `${Array.from(line.slice(0, LENGTH)).slice(0, -1).join("")}…`;
}

function inWords(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return json;
    return Object.entries(value)
      .map(([name, one]) => `${name}: ${typeof one === "string" ? one : JSON.stringify(one)}`).join(", ");
  } catch {
    return json;
  }
}
