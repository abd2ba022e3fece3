/** Turns offsets in Unicode code points (the API's) into UTF-16 ones (JavaScript's). */
export type OffsetMap = (codePoint: number) => number;

/**
 * Builds the map of one text. A code point beyond U+FFFF takes two UTF-16 units,
 * so an offset moves by the number of such code points before it.
 */
export function createOffsetMap(text: string): OffsetMap {
  const astral = findAstral(text);
  if (astral.length === 0) return (codePoint) => clamp(codePoint, text.length);
  return (codePoint) =>
    clamp(codePoint + countBelow(astral, codePoint), text.length);
}

/** Code point offsets of the characters that take two UTF-16 units, ascending. */
function findAstral(text: string): number[] {
  const found: number[] = [];
  for (let unit = 0; unit < text.length; unit += 1) {
    const value = text.codePointAt(unit) ?? 0;
    if (value <= 0xffff) continue;
    found.push(unit - found.length);
    unit += 1;
  }
  return found;
}

function countBelow(sorted: number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function clamp(offset: number, length: number): number {
  return Math.min(Math.max(offset, 0), length);
}
