/** Connected shapes of ink: which of them form the digit, and how thick its strokes are. */
import type { Box, Plane } from './plane';

/** Pixels that hang together. */
export interface Shape extends Box {
  readonly label: number;
  readonly area: number;
  /** How many of its pixels are on the picture's edge. */
  readonly onEdge: number;
}

/** Which shape each pixel belongs to, 0 for none, and the shapes. */
export interface Shapes {
  readonly width: number;
  readonly height: number;
  readonly labels: Int32Array;
  readonly shapes: readonly Shape[];
}

/**
 * The shapes of the pixels above `weak`, neighbours also across corners, that have a pixel above `strong`: so edges and faint parts of
 * strokes belong to them, and what is faint altogether doesn't.
 */
export function shapesOf({ width, height, data }: Plane, weak: number, strong: number): Shapes {
  const labels = new Int32Array(data.length);
  const shapes: Shape[] = [];
  const stack: number[] = [];
  for (let start = 0; start < data.length; start++) {
    if (!(data[start]! > strong) || labels[start] !== 0) continue;
    const label = shapes.length + 1;
    let [left, top, right, bottom, area, onEdge] = [width, height, 0, 0, 0, 0];
    labels[start] = label;
    stack.push(start);
    while (stack.length > 0) {
      const at = stack.pop()!;
      const x = at % width;
      const y = (at - x) / width;
      area++;
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) onEdge++;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
      for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, height - 1); ny++)
        for (let nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, width - 1); nx++) {
          const near = ny * width + nx;
          if (labels[near] !== 0 || !(data[near]! > weak)) continue;
          labels[near] = label;
          stack.push(near);
        }
    }
    shapes.push({ label, area, onEdge, left, top, right, bottom });
  }
  return { width, height, labels, shapes };
}

/** The longer side of a box. */
export function extent({ left, top, right, bottom }: Box): number {
  return Math.max(right - left, bottom - top);
}

/** The box around two boxes. */
export function around(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** How far two boxes are apart. */
export function gap(a: Box, b: Box): number {
  const across = Math.max(a.left - b.right, b.left - a.right, 0);
  const down = Math.max(a.top - b.bottom, b.top - a.bottom, 0);
  return Math.max(across, down);
}

/**
 * The distance of every pixel from the next one that is `inside`, in about pixels (a step across a corner is one of √2).
 *
 * @param inside 1 of those that are
 */
export function distances(width: number, height: number, inside: Uint8Array): Float32Array {
  // A pixel more around, far from everything: then none lacks neighbours.
  const row = width + 2;
  const data = new Float32Array(row * (height + 2)).fill(1e9);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) if (inside[at] === 1) data[(y + 1) * row + x + 1] = 0;
  // There and back: from the four neighbours that have been looked at.
  for (const order of [1, -1])
    for (let y = 1; y <= height; y++) {
      const begin = y * row + 1;
      for (let i = begin; i < begin + width; i++) {
        const at = order === 1 ? i : data.length - 1 - i;
        let least = data[at]!;
        if (least === 0) continue;
        const above = at - order * row;
        const straight = Math.min(data[at - order]!, data[above]!) + 1;
        if (straight < least) least = straight;
        const across = Math.min(data[above - 1]!, data[above + 1]!) + Math.SQRT2;
        if (across < least) least = across;
        data[at] = least;
      }
    }
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y++) result.set(data.subarray((y + 1) * row + 1, (y + 1) * row + 1 + width), y * width);
  return result;
}
