/**
 * Finds ink. The ground is estimated by filling everything that is thinner than a stroke can be, so uneven light
 * doesn't matter. Ink is whatever differs from the ground, darker or lighter.
 */
import { blurred, maxima, minima, type Plane, planeOf, quantiles, resized, sampled } from './plane';

/** The ink of one kind, dark or light. */
export interface Ink {
  readonly isDark: boolean;
  /** How much each pixel differs from the ground: about 0 on the ground. */
  readonly plane: Plane;
  /** The value of `plane` where there is ink. */
  readonly level: number;
  /** The standard deviation of the ground's grain, in units of `plane`. */
  readonly noise: number;
  /** The difference between ink and ground in the picture, 0 to 255. */
  readonly contrast: number;
  /** How uneven the light is: the difference between the lightest and darkest ground, relative to the lightest. */
  readonly unevenness: number;
  /** The width of the widest stroke considered, in pixels. */
  readonly window: number;
  /** How well this kind of ink explains the picture; comparable between the two kinds. */
  readonly likelihood: number;
}

/** The ground is estimated on about this many points along the longer side. */
const GROUND_PLACES = 120;
/** The slope of the light is measured on about this many points. */
const SLOPE_PLACES = 24;
/** Structures narrower than this fraction of the longer side can be strokes; wider ones are ground. */
const WIDEST_STROKE = 0.3;
/** The maximum width of a frame around a picture, as a fraction of its shorter side. */
const WIDEST_FRAME = 0.03;
/** The brightness assumed for the darkest ground, so that its grain isn't mistaken for ink. */
const DARKEST = 24;

/** Searches for dark or light ink in a plane of 0 (black) to 255 (white). */
export function findInk(
  grey: Plane,
  isDark: boolean,
  widestStroke = WIDEST_STROKE * Math.max(grey.width, grey.height),
): Ink {
  const { ground, variation } = groundOf(grey, isDark, widestStroke);
  const sign = isDark ? 1 : -1;
  const difference = planeOf(
    grey.width,
    grey.height,
    (at) => (sign * (ground.data[at]! - grey.data[at]!)) / (ground.data[at]! + DARKEST),
  );
  const noise = grainOf(difference);
  const [offset = 0] = quantiles(difference.data, [0.25], 5000);
  const shifted = planeOf(grey.width, grey.height, (at) => difference.data[at]! - offset);
  const level = inkLevel(shifted);
  return {
    isDark,
    plane: shifted,
    level,
    noise,
    window: widestStroke,
    ...judge(grey, ground, shifted, level, variation),
  };
}

/** The ink of a dark drawing on uniformly white paper, as {@link findInk} would find it. */
export function inkOnPaper(grey: Plane): Ink {
  const plane = planeOf(grey.width, grey.height, (at) => (255 - grey.data[at]!) / (255 + DARKEST));
  const window = WIDEST_STROKE * Math.max(grey.width, grey.height);
  return {
    isDark: true,
    plane,
    level: inkLevel(plane, 255 / (255 + DARKEST)),
    noise: 0,
    contrast: 255,
    unevenness: 0,
    window,
    likelihood: 1,
  };
}

function groundOf(grey: Plane, isDark: boolean, widestStroke: number): { ground: Plane; variation: number } {
  const { width, height } = grey;
  const scale = Math.min(1, GROUND_PLACES / Math.max(width, height));
  const places = resized(grey, Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
  const slope = resized(slopeOf(resized(places, ...fewer(places)), isDark), places.width, places.height);
  const level = planeOf(places.width, places.height, (at) => places.data[at]! - slope.data[at]!);
  const radius = Math.ceil((widestStroke * scale) / 2);
  const filled = isDark ? minima(maxima(level, radius), radius) : maxima(minima(level, radius), radius);
  const ground = blurred(
    // Where little ground is visible, the slope may lead beyond the range of brightness.
    planeOf(places.width, places.height, (at) => Math.min(Math.max(filled.data[at]! + slope.data[at]!, 0), 255)),
    1,
  );
  let [least, most] = [255, -255];
  for (const value of filled.data) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return { ground: resized(ground, width, height), variation: most - least };
}

/**
 * The slope of the light over a picture: the plane that fits most of the ground. At the picture's edges, filling thin
 * structures would mistake a slope for ink.
 */
function slopeOf({ width, height, data }: Plane, isDark: boolean): Plane {
  let [a, b, c] = [0, 0, 0];
  const x = (at: number) => (2 * ((at % width) + 0.5)) / width - 1;
  const y = (at: number) => (2 * (Math.floor(at / width) + 0.5)) / height - 1;
  for (let round = 0; round < 12; round++) {
    let [n, sx, sy, sxx, sxy, syy, sv, sxv, syv] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (let at = 0; at < data.length; at++) {
      const [px, py, value] = [x(at), y(at), data[at]!];
      // Pixels on the ground's side get an increasing weight, so that the plane rises from the mean to the ground.
      const weight = round === 0 || value > a + b * px + c * py === isDark ? 1 : 0.05;
      n += weight;
      sx += weight * px;
      sy += weight * py;
      sxx += weight * px * px;
      sxy += weight * px * py;
      syy += weight * py * py;
      sv += weight * value;
      sxv += weight * px * value;
      syv += weight * py * value;
    }
    // Cramer's rule for the three normal equations.
    const determinant = (m: readonly (readonly number[])[]) =>
      m[0]![0]! * (m[1]![1]! * m[2]![2]! - m[1]![2]! * m[2]![1]!) -
      m[0]![1]! * (m[1]![0]! * m[2]![2]! - m[1]![2]! * m[2]![0]!) +
      m[0]![2]! * (m[1]![0]! * m[2]![1]! - m[1]![1]! * m[2]![0]!);
    const all = determinant([
      [n, sx, sy],
      [sx, sxx, sxy],
      [sy, sxy, syy],
    ]);
    if (Math.abs(all) < 1e-9) return planeOf(width, height, () => sv / n); // a single row or column
    a =
      determinant([
        [sv, sx, sy],
        [sxv, sxx, sxy],
        [syv, sxy, syy],
      ]) / all;
    b =
      determinant([
        [n, sv, sy],
        [sx, sxv, sxy],
        [sy, syv, syy],
      ]) / all;
    c =
      determinant([
        [n, sx, sv],
        [sx, sxx, sxv],
        [sy, sxy, syv],
      ]) / all;
  }
  return planeOf(width, height, (at) => a + b * x(at) + c * y(at));
}

/** A size with fewer points. */
function fewer({ width, height }: Plane): [width: number, height: number] {
  const scale = Math.min(1, SLOPE_PLACES / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/**
 * The standard deviation of neighbouring pixels of the same ground, estimated from the smaller differences, because the
 * greater ones are edges.
 */
function grainOf({ width, height, data }: Plane): number {
  const lag = Math.max(2, Math.round(Math.max(width, height) / 20));
  if (width <= lag && height <= lag) return 0;
  const differences: number[] = [];
  const step = Math.max(1, Math.floor(data.length / 5000)) | 1;
  for (let at = 0; at < data.length; at += step) {
    if ((at % width) + lag < width) differences.push(Math.abs(data[at]! - data[at + lag]!));
    if (at + lag * width < data.length) differences.push(Math.abs(data[at]! - data[at + lag * width]!));
  }
  // The first quartile of the difference of two normal variables is 0.4506 standard deviations.
  return quantiles(Float32Array.from(differences), [0.25], 10_000)[0]! / 0.4506;
}

/**
 * The mean of the values above half of that mean: starting from the maximum, it converges to the ink's level, however
 * little ink there is.
 */
function inkLevel(plane: Plane, greatest?: number): number {
  const values = sampled(plane.data, 10_000);
  let level = greatest ?? quantiles(values, [0.999], 10_000)[0] ?? 0;
  for (let round = 0; round < 2; round++) {
    let sum = 0;
    let count = 0;
    for (const value of values)
      if (value > level / 2) {
        sum += value;
        count++;
      }
    const next = count === 0 ? level : sum / count;
    if (Math.abs(next - level) < 1e-3 * level) return next;
    level = next;
  }
  return level;
}

/** The fraction of ink among the pixels `inset` away from a picture's edge. */
function inkAround({ width, height, data }: Plane, level: number, inset: number): number {
  let [sum, count] = [0, 0];
  const look = (x: number, y: number) => {
    sum += Math.min(Math.max(data[y * width + x]! / level, 0), 1);
    count++;
  };
  for (let x = inset; x < width - inset; x++) {
    look(x, inset);
    look(x, height - 1 - inset);
  }
  for (let y = inset; y < height - inset; y++) {
    look(inset, y);
    look(width - 1 - inset, y);
  }
  return count === 0 ? 0 : sum / count;
}

function judge(grey: Plane, ground: Plane, { width, height, data }: Plane, level: number, variation: number) {
  let [inkSum, groundSum, inkCount] = [0, 0, 0];
  let [lightest, darkest] = [0, 255];
  for (let at = 0; at < data.length; at++) {
    if (data[at]! > level / 2) {
      inkSum += grey.data[at]!;
      groundSum += ground.data[at]!;
      inkCount++;
    }
    lightest = Math.max(lightest, ground.data[at]!);
    darkest = Math.min(darkest, ground.data[at]!);
  }
  const contrast = inkCount === 0 ? 0 : Math.abs(inkSum - groundSum) / inkCount;
  // A picture's edge is ground, or a frame inside of which there is ground.
  const inkOnRing = (inset: number) => inkAround({ width, height, data }, level, inset);
  const ring = Math.min(inkOnRing(0), inkOnRing(Math.ceil(WIDEST_FRAME * Math.min(width, height))));
  const part = inkCount / data.length;
  const unevenness = (lightest - darkest) / Math.max(lightest, 1);
  const likelihood = 1 - ring + (0.5 - part) - 0.5 * Math.min(2, variation / Math.max(contrast, 1));
  return { contrast, unevenness, likelihood };
}
