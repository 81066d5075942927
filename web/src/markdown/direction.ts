const letter = /\p{L}/u;

// Hebrew, Arabic and those beside them; their presentation forms; the old scripts of the first supplementary plane, and
// Mende, Adlam and Arabic's mathematical letters.
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1eeff}]/u;

/** The direction in which the text is written: that of its first letter. */
export function directionOf(text: string): "ltr" | "rtl" {
  return rightToLeft.test(letter.exec(text)?.[0] ?? "") ? "rtl" : "ltr";
}
