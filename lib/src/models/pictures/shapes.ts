/** Connected shapes of ink: which of them form the digit, and how thick its strokes are. */
import type { Box, Plane } from './plane';

/** A connected set of pixels. */
export interface Shape extends Box {
  readonly label: number;
  readonly area: number;
  /** The number of its pixels on the picture's edge. */
  readonly onEdge: number;
}

/** The shape of each pixel (0 for none), and the shapes. */
export interface Shapes {
  readonly width: number;
  readonly height: number;
  readonly labels: Int32Array;
  readonly shapes: readonly Shape[];
}

/**
 * The connected shapes (including diagonal neighbours) of the pixels above `weak` that contain a pixel above `strong`:
 * edges and faint parts of strokes belong to them, but entirely faint structures don't.
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

/** The smallest box around two boxes. */
export function around(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** The distance between two boxes. */
export function gap(a: Box, b: Box): number {
  const across = Math.max(a.left - b.right, b.left - a.right, 0);
  const down = Math.max(a.top - b.bottom, b.top - a.bottom, 0);
  return Math.max(across, down);
}

/**
 * The approximate distance of every pixel from the nearest one that is `inside` (a diagonal step counts as √2).
 *
 * @param inside 1 for those that are
 */
export function distances(width: number, height: number, inside: Uint8Array): Float32Array {
  // With a margin of one pixel at infinite distance, so that every pixel has neighbours.
  const row = width + 2;
  const data = new Float32Array(row * (height + 2)).fill(1e9);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) if (inside[at] === 1) data[(y + 1) * row + x + 1] = 0;
  // Forwards and backwards: from the four neighbours already processed.
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
