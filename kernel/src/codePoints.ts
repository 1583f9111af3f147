/** Jupyter counts the characters of a text by code points, JavaScript by UTF-16 units. */

/** The offset in UTF-16 units of a number of code points. */
export function fromCodePoints(text: string, count: number): number {
  let offset = 0;
  for (let left = count; left > 0 && offset < text.length; left--)
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  return offset;
}

/** The number of code points up to an offset in UTF-16 units. */
export function toCodePoints(text: string, offset: number): number {
  return Array.from(text.slice(0, offset)).length;
}
