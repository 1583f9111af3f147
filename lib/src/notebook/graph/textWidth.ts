/** How wide a text is in a sans-serif font, roughly: neither Node nor a picture without scripts can measure it. */

/** Widths by character, in units of the font's size, of an ordinary sans-serif font. */
const widths: readonly [characters: RegExp, width: number][] = [
  [/[ijl.,:;'|!]/, 0.29],
  [/[frt()/[\]{} -]/, 0.36],
  [/[mwMW%]/, 0.9],
  [/[A-Z]/, 0.71],
];

/** The width in pixels of a text of a font size in pixels, rather too wide than too narrow. */
export function textWidth(text: string, size: number, bold = false): number {
  let width = 0;
  for (const character of text) width += widths.find(([characters]) => characters.test(character))?.[1] ?? 0.58;
  return width * size * (bold ? 1.06 : 1);
}
