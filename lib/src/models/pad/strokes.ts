/** What is drawn on the pad as a picture, and as MNIST has digits. */
import { type Digit, prepareDrawing } from '../pictures/digit';
import type { Plane } from '../pictures/plane';

/** A line that was drawn without lifting the pen: `[x, y]` of its points, from 0 to 1 of the pad's side. */
export type Stroke = readonly (readonly [x: number, y: number])[];

/** How thick a stroke is, of the pad's side. */
export const PEN = 0.075;

/** The longer side of what is drawn, in pixels of the picture … */
const SIDE = 96;
/** … around which there is so much paper: it shows that no stroke goes on beyond it. */
const MARGIN = 22;

/**
 * The digit that some strokes make, prepared as any picture of one is.
 *
 * @throws {InvalidArgumentError} when there are no strokes, or they make no digit
 */
export function digitOf(strokes: readonly Stroke[]): Digit {
  return prepareDrawing(pictureOf(strokes), 'the drawing');
}

/** Strokes as dark ink on white paper, of whatever size and wherever they are on the pad. */
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

/** A line with round ends. A pixel is as dark as its middle is deep in it, at its edge. */
function drawLine(paper: Float32Array, width: number, from: Place, to: Place, radius: number): void {
  const [fromX, fromY] = from;
  const across = to[0] - fromX;
  const down = to[1] - fromY;
  const square = across * across + down * down;
  const first = (axis: 0 | 1) => Math.max(0, Math.floor(Math.min(from[axis], to[axis]) - radius - 1));
  const last = (axis: 0 | 1, size: number) =>
    Math.min(size - 1, Math.ceil(Math.max(from[axis], to[axis]) + radius + 1));
  const [left, right, bottom] = [first(0), last(0, width), last(1, paper.length / width)];
  // Without arrays within: a page's first drawing is made before anything is compiled, where they take most of the time.
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
