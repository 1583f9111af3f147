/**
 * Makes skeletons.json: how one would draw some digits of MNIST's test set, by the skeletons of the images; `npm run format` then gives it its lines.
 * node tests/browser/pad/skeletons.mjs <folder of MNIST's files> > tests/browser/pad/skeletons.json
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

const SIZE = 28;
const folder = process.argv[2];
const read = (name, header) => gunzipSync(readFileSync(path.join(folder, name))).subarray(header);
const images = read('t10k-images-idx3-ubyte.gz', 16);
const labels = read('t10k-labels-idx1-ubyte.gz', 8);

/** The first image of each of these digits. */
const digits = [0, 2, 3, 4, 6, 8, 9];
const drawings = digits.map((digit) => {
  const index = labels.indexOf(digit);
  const image = images.subarray(index * SIZE * SIZE, (index + 1) * SIZE * SIZE);
  return { digit, index, strokes: strokesOf(thinned(Array.from(image, (pixel) => (pixel > 110 ? 1 : 0)))) };
});
console.log(`[\n${drawings.map((drawing) => `  ${JSON.stringify(drawing)}`).join(',\n')}\n]`);

/** The eight places around one, clockwise from above. */
function around(at) {
  return [-SIZE, -SIZE + 1, 1, SIZE + 1, SIZE, SIZE - 1, -1, -SIZE - 1].map((step) => at + step);
}

/** Lines of one pixel, by the algorithm of Zhang and Suen. */
function thinned(ink) {
  for (let changed = true; changed; ) {
    changed = false;
    for (const round of [0, 1]) {
      const gone = [];
      for (let at = SIZE; at < ink.length - SIZE; at++) {
        if (!ink[at]) continue;
        const p = around(at).map((place) => ink[place]);
        const count = p.reduce((sum, value) => sum + value, 0);
        const rises = p.filter((value, i) => !value && p[(i + 1) % 8]).length;
        const [a, b] = round ? [p[0] * p[2] * p[6], p[0] * p[4] * p[6]] : [p[0] * p[2] * p[4], p[2] * p[4] * p[6]];
        if (count >= 2 && count <= 6 && rises === 1 && !a && !b) gone.push(at);
      }
      for (const at of gone) ink[at] = 0;
      changed ||= gone.length > 0;
    }
  }
  return ink;
}

/** Lines along the pixels, each pair of neighbours drawn once. */
function strokesOf(ink) {
  const next = (at) => around(at).filter((place) => ink[place]);
  const drawn = new Set();
  const key = (a, b) => (a < b ? `${a} ${b}` : `${b} ${a}`);
  const walk = (start) => {
    const line = [start];
    for (let at = start; ; ) {
      const direct = next(at).filter((place) => !drawn.has(key(at, place)));
      // Straight neighbours before those over a corner.
      direct.sort(
        (a, b) =>
          Number(Math.abs(a - at) % SIZE !== 0 && Math.abs(a - at) !== 1) -
          Number(Math.abs(b - at) % SIZE !== 0 && Math.abs(b - at) !== 1),
      );
      if (direct.length === 0) return line;
      drawn.add(key(at, direct[0]));
      at = direct[0];
      line.push(at);
    }
  };
  const places = ink.flatMap((value, at) => (value ? [at] : []));
  const ends = places.filter((at) => next(at).length === 1);
  const lines = [];
  for (const start of [...ends, ...places])
    for (let line = walk(start); line.length > 1; line = walk(start)) lines.push(line);
  const round = (value) => Math.round(1000 * value) / 1000;
  return lines
    .filter((line) => line.length > 2)
    .map((line) => line.map((at) => [round(((at % SIZE) + 0.5) / SIZE), round((Math.floor(at / SIZE) + 0.5) / SIZE)]));
}
