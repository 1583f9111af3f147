/** Colour scales for light pages; `otherColors.ts` has those for dark ones. Runs in Node and in browsers. */

/** A colour scale: positions from 0 to 1 and their colours, with interpolation in between. */
export type ColorScale = readonly (readonly [place: number, color: string])[];

/** From zero to large values. */
export const sequentialScale: ColorScale = [
  [0, '#f7fbff'],
  [0.25, '#c6dbef'],
  [0.5, '#6baed6'],
  [0.75, '#2171b5'],
  [1, '#08306b'],
];

/** From negative to positive values; zero in the middle is nearly white. */
export const divergingScale: ColorScale = [
  [0, '#004c7a'],
  [0.25, '#5ba3cf'],
  [0.5, '#f7f7f7'],
  [0.75, '#e98f5a'],
  [1, '#9c3f00'],
];
