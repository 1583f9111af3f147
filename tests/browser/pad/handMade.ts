/** Digits as somebody draws them, stroke by stroke. */

type Stroke = [x: number, y: number][];

/** Points on an ellipse, by degrees from its right side, downwards. */
function arc(x: number, y: number, across: number, down: number, from: number, to: number): Stroke {
  const steps = Math.ceil(Math.abs(to - from) / 10);
  return Array.from({ length: steps + 1 }, (_, i): [number, number] => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
    return [x + across * Math.cos(angle), y + down * Math.sin(angle)];
  });
}

/** Digits that are written in other ways than MNIST's skeletons, at various sizes and places of the pad. */
export const handMade: readonly { readonly digit: number; readonly strokes: Stroke[] }[] = [
  { digit: 0, strokes: [arc(0.3, 0.3, 0.14, 0.2, -80, 285)] },
  {
    digit: 1,
    strokes: [
      [
        [0.55, 0.15],
        [0.5, 0.85],
      ],
    ],
  },
  { digit: 3, strokes: [[...arc(0.5, 0.34, 0.17, 0.15, 200, 445), ...arc(0.49, 0.66, 0.2, 0.17, 275, 515)]] },
  {
    digit: 5,
    strokes: [
      [[0.36, 0.2], [0.34, 0.46], ...arc(0.47, 0.62, 0.19, 0.18, 235, 500)],
      [
        [0.36, 0.2],
        [0.66, 0.18],
      ],
    ],
  },
  {
    digit: 7,
    strokes: [
      [
        [0.3, 0.22],
        [0.7, 0.2],
        [0.46, 0.84],
      ],
    ],
  },
];
