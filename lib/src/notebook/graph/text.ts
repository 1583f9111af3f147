/** The texts of drawings and their sizes, in pixels. */

export const LABEL_SIZE = 13;
export const DETAIL_SIZE = 11;
export const EDGE_SIZE = 11;

/** Formats a count: `1 operation`, `2 operations`. */
export const count = (n: number, thing: string) => `${n.toLocaleString('en')} ${thing}${n === 1 ? '' : 's'}`;

/** Character widths of a typical sans-serif font, in em. */
const widths: readonly [characters: RegExp, width: number][] = [
  [/[ijl.,:;'|!]/, 0.29],
  [/[frt()/[\]{} -]/, 0.36],
  [/[mwMW%]/, 0.9],
  [/[A-Z]/, 0.71],
];

/** The approximate width of a text in pixels, rather too large than too small. */
export function textWidth(text: string, size: number, bold = false): number {
  let width = 0;
  for (const character of text) width += widths.find(([characters]) => characters.test(character))?.[1] ?? 0.58;
  return width * size * (bold ? 1.06 : 1);
}
