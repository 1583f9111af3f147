/** Colour scales, as light pages have them; `otherColors.ts` has those of dark ones. Nothing here needs Node or a browser. */

/** A colour scale: places from 0 to 1 and their colours, between which colours are mixed. */
export type ColorScale = readonly (readonly [place: number, color: string])[];

/** From nothing to much. */
export const sequentialScale: ColorScale = [
  [0, '#f7fbff'],
  [0.25, '#c6dbef'],
  [0.5, '#6baed6'],
  [0.75, '#2171b5'],
  [1, '#08306b'],
];

/** From less than zero to more; zero in the middle is nearly white. */
export const divergingScale: ColorScale = [
  [0, '#004c7a'],
  [0.25, '#5ba3cf'],
  [0.5, '#f7f7f7'],
  [0.75, '#e98f5a'],
  [1, '#9c3f00'],
];
