const INDENT = "  ";

/** JSON laid out in lines; a text that is none stays as it is. Only white space changes, so no digit is lost. */
export function prettyJson(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }

  let depth = 0;
  const line = () => `\n${INDENT.repeat(depth)}`;
  // A string, an empty object or array, a sign, white space, or a literal.
  return text.replace(/"(?:\\.|[^"\\])*"|\{\s*\}|\[\s*\]|[[\]{},:]|\s+|[^\s[\]{},:"]+/g, (piece) => {
    switch (piece) {
      case "{":
      case "[":
        depth++;
        return piece + line();
      case "}":
      case "]":
        depth--;
        return line() + piece;
      case ",":
        return piece + line();
      case ":":
        return ": ";
      default:
        return /^[{[]/.test(piece) ? piece.replace(/\s/g, "") : piece.startsWith('"') ? piece : piece.trim();
    }
  });
}
