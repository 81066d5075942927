const INDENT = "  ";

// Deeper, nobody sees what is in what. And each level indents every line below it: what a model or a tool wrote on a
// page, a million brackets, would be laid out in gigabytes.
const DEEPEST = 100;
const LONGEST = 10_000_000;

// A string, an empty object or array, a sign, white space, or a literal.
const PIECE = /"(?:\\.|[^"\\])*"|\{\s*\}|\[\s*\]|[[\]{},:]|\s+|[^\s[\]{},:"]+/g;

/**
 * JSON laid out in lines; a text that is none, or that would be too deep or too long for a screen, stays as it is. Only
 * white space changes, so no digit is lost.
 */
export function prettyJson(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }

  let depth = 0;
  let length = 0;
  const lines: string[] = [];
  for (const [piece] of text.matchAll(PIECE)) {
    if (piece === "{" || piece === "[") depth++;
    else if (piece === "}" || piece === "]") depth--;
    const laidOut = layOut(piece, depth);
    length += laidOut.length;
    if (depth > DEEPEST || length > LONGEST) return text;
    lines.push(laidOut);
  }

  return lines.join("");
}

function layOut(piece: string, depth: number): string {
  const line = `\n${INDENT.repeat(depth)}`;
  switch (piece) {
    case "{":
    case "[":
    case ",":
      return piece + line;
    case "}":
    case "]":
      return line + piece;
    case ":":
      return ": ";
    default:
      return /^[{[]/.test(piece) ? piece.replace(/\s/g, "") : piece.startsWith('"') ? piece : piece.trim();
  }
}
