/** A sample drawing, shown by a pad's still. */
import type { Stroke } from './strokes';

/** Points on an ellipse, by degrees from its right side, downwards. */
function arc(x: number, y: number, across: number, down: number, from: number, to: number): Stroke {
  const steps = Math.ceil(Math.abs(to - from) / 15);
  return Array.from({ length: steps + 1 }, (_, i): [number, number] => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
    return [x + across * Math.cos(angle), y + down * Math.sin(angle)];
  });
}

/** A 3. */
export const sample: readonly Stroke[] = [
  [...arc(0.5, 0.34, 0.17, 0.15, 200, 445), ...arc(0.49, 0.66, 0.2, 0.17, 275, 515)],
];
