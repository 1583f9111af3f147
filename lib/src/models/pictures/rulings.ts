/**
 * Removes the lines of ruled and squared paper from a picture, even if ink touches them.
 *
 * A Hough transform of thin structures finds straight lines. Each line is removed by a morphological closing across it,
 * which fills what is no thicker than the line and preserves strokes that cross it. Staff lines are removed from
 * printed music in the same way.
 *
 * @see Duda, Hart: Use of the Hough transformation to detect lines and curves in pictures, 1972
 * @see Dalitz et al.: A comparative study of staff removal algorithms, 2008
 */
import { blurredRows, maximaOfRows, negative, type Plane, planeOf, quantiles, transposed } from './plane';

/** A roughly vertical line: its position in the middle row, and its offset to the right in the last row. */
interface Line {
  readonly middle: number;
  readonly lean: number;
}

/** The maximum lean of lines, as a fraction of their length: half of it in each half. */
const MOST_LEAN = 0.12;
/** The minimum fraction of rows in which a line is visible; ink hides the rest … */
const LEAST_SEEN = 0.65;
/** … and the minimum if there are only two or three lines, which might be strokes. */
const LEAST_SEEN_OF_FEW = 0.85;
/** The minimum difference between a line and the paper, of 255. */
const LEAST_DEPTH = 6;
/** The same in standard deviations of the paper's grain. */
const LEAST_CLARITY = 3;
/** Structures thinner than twice this fraction of the longer side can be lines. */
const THIN = 0.012;
/** The maximum relative deviation of the gaps between lines, apart from those of a missed line. */
const IRREGULAR = 0.2;

/** Removes the lines of the paper, and returns their number: at least two parallel, thin lines from side to side. */
export function withoutRulings(plane: Plane): { plane: Plane; lines: number } {
  let lines = 0;
  let result = plane;
  for (const isDark of [true, false]) {
    for (const isAcross of [true, false]) {
      let turned = isAcross ? transposed(result) : result;
      if (!isDark) turned = negative(turned);
      const closed = closedLines(turned);
      if (closed === undefined) continue;
      lines += closed.lines;
      turned = isDark ? closed.plane : negative(closed.plane);
      result = isAcross ? transposed(turned) : turned;
    }
    if (lines > 0) break; // light lines are considered only if there are no dark ones
  }
  return { plane: result, lines };
}

/** Removes dark, roughly vertical lines; undefined if there are none. */
function closedLines(plane: Plane): { plane: Plane; lines: number } | undefined {
  const reach = Math.max(3, Math.round(THIN * Math.max(plane.width, plane.height)));
  if (plane.width < 8 * reach || plane.height < 8 * reach) return undefined;
  // Averages out the grain along lines; over so few rows, leaning lines hardly move.
  const even = transposed(blurredRows(transposed(plane), reach));
  const lines = regular(linesOf(even, reach), plane.height);
  const half = 1 + halfThickness(even, lines, reach); // one more, because a leaning line has steps
  if (lines.length < 2 || half > reach) return undefined;
  const filled = negative(maximaOfRows(negative(maximaOfRows(plane, half)), half));
  const data = plane.data.slice();
  for (const line of lines)
    for (let y = 0; y < plane.height; y++) {
      const middle = Math.round(placeOf(line, y, plane.height));
      const last = Math.min(middle + half, plane.width - 1);
      for (let x = Math.max(middle - half, 0); x <= last; x++)
        data[y * plane.width + x] = filled.data[y * plane.width + x]!;
    }
  return { plane: { ...plane, data }, lines: lines.length };
}

/** The position of a line in a row. */
function placeOf({ middle, lean }: Line, y: number, height: number): number {
  return middle + lean * ((y + 0.5) / height - 0.5);
}

/** All possible lines, from left to right. */
function linesOf(plane: Plane, reach: number): (Line & { seen: number })[] {
  const { width, height, data } = plane;
  const depth = planeOf(width, height, (at) => {
    const x = at % width;
    return Math.min(data[at - Math.min(reach, x)]!, data[at + Math.min(reach, width - 1 - x)]!) - data[at]!;
  });
  const [quarter = 0, threeQuarters = 0] = quantiles(depth.data, [0.25, 0.75], 10_000);
  const least = Math.max(LEAST_DEPTH, (LEAST_CLARITY * (threeQuarters - quarter)) / 1.35);
  const isThin = new Uint8Array(data.length);
  const thin: number[] = [];
  for (let at = 0; at < data.length; at++) {
    if (depth.data[at]! < least || data[at]! > data[at - 1]! || data[at]! > data[at + 1]!) continue;
    isThin[at] = 1;
    thin.push(at);
  }
  const most = Math.ceil(MOST_LEAN * height);
  const across = width + 2 * most;
  const votes = new Uint16Array((2 * most + 1) * across);
  for (const at of thin) {
    const x = at % width;
    const part = ((at - x) / width + 0.5) / height - 0.5;
    for (let lean = -most, from = most; lean <= most; lean++, from += across)
      votes[from + Math.round(x - lean * part)]!++;
  }
  const candidates: number[] = [];
  for (let at = 1; at < votes.length - 1; at++)
    if (votes[at - 1]! + votes[at]! + votes[at + 1]! >= LEAST_SEEN * height) candidates.push(at);
  candidates.sort((a, b) => votes[b]! - votes[a]!);
  const lines: (Line & { seen: number })[] = [];
  const add = (line: Line, isEnough: (seen: Seen) => boolean) => {
    if (lines.some((other) => nearest(line, other) <= reach)) return;
    const seen = seenOf(line, isThin, width, height);
    if (isEnough(seen)) lines.push({ ...line, seen: seen.part });
  };
  for (const at of candidates)
    add(
      { middle: (at % across) - most, lean: Math.floor(at / across) - most },
      ({ rows, part }) => rows >= LEAST_SEEN * height && part >= LEAST_SEEN,
    );
  // Lines at the sides that are only partly in the picture, and lines that ink hides for the most part, but not at
  // their ends.
  const [lean] = quantiles(
    Float32Array.from(lines, (line) => line.lean),
    [0.5],
    height,
  );
  if (lines.length > 2)
    for (let middle = -most; middle < width + most; middle++)
      for (const off of [0, 1, -1, 2, -2])
        add({ middle, lean: lean! + off }, ({ rows, part, ends }) => rows > reach && part >= 0.3 && ends >= 0.8);
  return lines.sort((a, b) => a.middle - b.middle);
}

/** The minimum distance of two lines in the picture: 0 if they cross. */
function nearest(a: Line, b: Line): number {
  const [first, last] = [-0.5, 0.5].map((part) => a.middle - b.middle + part * (a.lean - b.lean)) as [number, number];
  return first * last <= 0 ? 0 : Math.min(Math.abs(first), Math.abs(last));
}

/** The visibility of a line in a picture. */
interface Seen {
  /** The number of rows that it crosses. */
  readonly rows: number;
  /** The fraction of them in which something thin is at its position. */
  readonly part: number;
  /** The same for the first and the last tenth of them: the smaller value. */
  readonly ends: number;
}

function seenOf(line: Line, isThin: Uint8Array, width: number, height: number): Seen {
  const seen = new Uint16Array(height + 1); // cumulative, counted from the first row that it crosses
  let rows = 0;
  for (let y = 0; y < height; y++) {
    const x = Math.round(placeOf(line, y, height));
    if (x < 0 || x >= width) continue;
    const at = y * width + x;
    const isSeen = isThin[at] || (x > 0 && isThin[at - 1]) || (x < width - 1 && isThin[at + 1]);
    seen[rows + 1] = seen[rows]! + (isSeen ? 1 : 0);
    rows++;
  }
  if (rows === 0) return { rows, part: 0, ends: 0 };
  const end = Math.ceil(rows / 10);
  return { rows, part: seen[rows]! / rows, ends: Math.min(seen[end]!, seen[rows]! - seen[rows - end]!) / end };
}

/** The lines with regular distances, as on paper: a straight stroke among them is not one. */
function regular(lines: (Line & { seen: number })[], height: number): Line[] {
  if (lines.length < 4) return lines.filter(({ seen }) => seen >= LEAST_SEEN_OF_FEW);
  const gaps = lines.slice(1).map(({ middle }, i) => middle - lines[i]!.middle);
  const [gap = 1] = quantiles(Float32Array.from(gaps), [0.5], height);
  const fits = (distance: number | undefined) => {
    const times = (distance ?? 0) / gap;
    return times > 0.5 && Math.abs(times - Math.round(times)) <= IRREGULAR;
  };
  return lines.filter((_, i) => fits(gaps[i - 1]) || fits(gaps[i]));
}

/** Half of the typical thickness of lines, in whole pixels; `reach` if that is too much for a line. */
function halfThickness({ width, height, data }: Plane, lines: readonly Line[], reach: number): number {
  const halves = lines.map((line) => {
    const profile = Array.from({ length: 2 * reach + 1 }, (_, i) => {
      const shades: number[] = [];
      for (let y = 0; y < height; y++) {
        const x = Math.round(placeOf(line, y, height)) + i - reach;
        if (x >= 0 && x < width) shades.push(data[y * width + x]!);
      }
      return shades.length === 0 ? undefined : quantiles(Float32Array.from(shades), [0.5], height)[0]!;
    });
    const ink = Math.min(...profile.map((shade) => shade ?? 255));
    const paper = Math.max(...profile.map((shade) => shade ?? 0));
    const inLine = [...profile.keys()].filter((i) => paper - (profile[i] ?? paper) > 0.2 * (paper - ink));
    return Math.max(...inLine.map((i) => Math.abs(i - reach)));
  });
  return quantiles(Float32Array.from(halves), [0.5], height)[0]!;
}
