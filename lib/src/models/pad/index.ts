/** A pad to draw digits on, and a network that reads them. */
export type { DigitModel } from './digitReader';
export { type DigitPad, type DrawDigitOptions, drawDigit } from './drawDigit';
