/** Converts drawings on the pad to pictures and to MNIST digits. */
import { type Digit, prepareDrawing } from '../pictures/digit';
import type { Plane } from '../pictures/plane';

/** A line drawn without lifting the pen: the points `[x, y]`, from 0 to 1 of the pad's side. */
export type Stroke = readonly (readonly [x: number, y: number])[];

/** The thickness of a stroke, as a fraction of the pad's side. */
export const PEN = 0.075;

/** The longer side of the drawing in the picture, in pixels … */
const SIDE = 96;
/** … and the margin around it, which shows that no stroke continues beyond it. */
const MARGIN = 22;

/**
 * Prepares the digit of some strokes like any picture of a digit.
 *
 * @throws {InvalidArgumentError} when there are no strokes, or they aren't a digit
 */
export function digitOf(strokes: readonly Stroke[]): Digit {
  return prepareDrawing(pictureOf(strokes), 'the drawing');
}

/** Draws strokes as dark ink on white paper, independent of their size and position on the pad. */
export function pictureOf(strokes: readonly Stroke[]): Plane {
  let [left, top, right, bottom] = [1, 1, 0, 0];
  for (const [x, y] of strokes.flat()) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  const scale = SIDE / Math.max(right - left + PEN, bottom - top + PEN);
  const pad = MARGIN + (scale * PEN) / 2;
  const width = Math.ceil(scale * (right - left) + 2 * pad);
  const height = Math.ceil(scale * (bottom - top) + 2 * pad);
  const data = new Float32Array(width * height).fill(255);
  const place = ([x, y]: Stroke[number]) => [scale * (x - left) + pad, scale * (y - top) + pad] as const;
  for (const stroke of strokes) {
    const [first] = stroke;
    if (first && stroke.length === 1) drawLine(data, width, place(first), place(first), (scale * PEN) / 2);
    for (let i = 1; i < stroke.length; i++)
      drawLine(data, width, place(stroke[i - 1]!), place(stroke[i]!), (scale * PEN) / 2);
  }
  return { width, height, data };
}

type Place = readonly [x: number, y: number];

/** Draws a line with round caps, anti-aliased by the distance of a pixel's centre from the edge. */
function drawLine(paper: Float32Array, width: number, from: Place, to: Place, radius: number): void {
  const [fromX, fromY] = from;
  const across = to[0] - fromX;
  const down = to[1] - fromY;
  const square = across * across + down * down;
  const first = (axis: 0 | 1) => Math.max(0, Math.floor(Math.min(from[axis], to[axis]) - radius - 1));
  const last = (axis: 0 | 1, size: number) =>
    Math.min(size - 1, Math.ceil(Math.max(from[axis], to[axis]) + radius + 1));
  const [left, right, bottom] = [first(0), last(0, width), last(1, paper.length / width)];
  // Without arrays inside the loops: a page's first drawing is processed before anything is compiled, when arrays take
  // most of the time.
  for (let y = first(1); y <= bottom; y++)
    for (let x = left; x <= right; x++) {
      const dx = x + 0.5 - fromX;
      const dy = y + 0.5 - fromY;
      const part = square === 0 ? 0 : Math.min(1, Math.max(0, (dx * across + dy * down) / square));
      const distance = Math.sqrt((dx - part * across) ** 2 + (dy - part * down) ** 2);
      const ink = radius + 0.5 - distance;
      if (ink <= 0) continue;
      const at = y * width + x;
      paper[at] = ink >= 1 ? 0 : Math.min(paper[at]!, 255 * (1 - ink));
    }
}
