/** Converts offsets: Jupyter counts code points, JavaScript UTF-16 units. */

/** Converts a number of code points into an offset in UTF-16 units. */
export function fromCodePoints(text: string, count: number): number {
  let offset = 0;
  for (let left = count; left > 0 && offset < text.length; left--)
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  return offset;
}

/** Converts an offset in UTF-16 units into a number of code points. */
export function toCodePoints(text: string, offset: number): number {
  return Array.from(text.slice(0, offset)).length;
}
