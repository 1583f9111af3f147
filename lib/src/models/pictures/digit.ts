/**
 * Prepares a picture of a digit as MNIST's digits were prepared: cropped to the ink, scaled into 20 × 20 preserving its
 * proportions, and placed in 28 × 28 with its centre of mass in the middle.
 *
 * @see http://yann.lecun.com/exdb/mnist/, where it is described
 */
import { IMAGE_PIXELS, IMAGE_SIZE } from '../../mnist/sizes';
import { InvalidArgumentError } from '../../runtime/errors';
import type { Colours } from './colours';
import { greyOf } from './grey';
import { findInk, type Ink, inkOnPaper } from './ink';
import { type Box, blurred, cut, type Plane, planeOf, resized } from './plane';
import { withoutRulings } from './rulings';
import { around, distances, extent, gap, type Shape, type Shapes, shapesOf } from './shapes';

/** A digit in MNIST's form, and how it was prepared. */
export interface Digit {
  /** 28 × 28 pixels from 0, the paper, to 255, the ink. */
  readonly pixels: Uint8Array;
  /** The steps of preparation, in words, in order. */
  readonly steps: readonly string[];
  /** Possible problems, as sentences without a full stop. */
  readonly warnings: readonly string[];
}

/** The longer side of a digit. */
const DIGIT_SIZE = 20;
/** The minimum difference between ink and ground, of 255. */
const LEAST_CONTRAST = 10;
/** The same for a shape that is wider than strokes are, which might be a shadow. */
const SOLID_CONTRAST = 64;
/**
 * The minimum difference between ink and ground, in standard deviations of the ground's grain; grain alone stays below
 * 2.
 */
const LEAST_CLARITY = 3.2;
/** Light counts as uneven if it varies by this fraction. */
const UNEVEN = 0.08;
/** A shape with less than this fraction of the largest shape's pixels is a speck. */
const SPECK = 0.02;
/** The maximum distance between parts of a digit, as a fraction of its size. */
const FARTHEST_PART = 0.35;
/** A shape of at least this fraction of the picture may be a sheet of paper … */
const SHEET = 0.3;
/** … if it is thicker than this fraction of its own size, which no digit's strokes are. */
const THICKEST_STROKE = 0.33;
/**
 * Another mark of at least this fraction of the digit's size, and half that fraction of its area, may be another digit.
 */
const ANOTHER_DIGIT = 0.5;
/** Parts of at least this fraction of the height, side by side, may be two digits … */
const HIGH_PART = 0.75;
/** … and so may be ink that is this many times wider than high. */
const WIDE = 1.6;
/** Ink with fewer pixels along its longer side is hard to recognize. */
const FEW_PIXELS = 12;
/**
 * Ink that reaches the picture's edges in this many places is a grid of lines; a digit cropped to its ink does so in at
 * most six.
 */
const NET = 9;
/**
 * Strokes thinner than the first number of the 20 pixels are thickened to the second; those thicker than the last are
 * thinned.
 */
const STROKES = { thinnest: 1.7, thin: 2.4, thick: 4, thickest: 5 };

/**
 * @param name the name of the picture, for errors
 * @throws {InvalidArgumentError} when it contains no ink
 */
export function prepareDigit(colours: Colours, name: string): Digit {
  const grey = greyOf(colours);
  const words = (isDark: boolean) =>
    `${isDark === grey.isNegative ? 'light' : 'dark'} ink on ${grey.ground ?? (isDark ? 'light' : 'dark')} ground`;
  const asItIs = alreadyPrepared(grey.plane, colours);
  if (asItIs) {
    const { pixels, isDark } = asItIs;
    const steps = [words(isDark), '28×28 like the digits of MNIST already: taken as it is'];
    return { pixels, steps, warnings: [] };
  }
  const { plane: unruled, lines } = withoutRulings(grey.plane);
  const plane = smoothed(enlarged(unruled));
  const { ink, found, offset } = onSheet(plane, refined(plane, chooseInk(plane, name), name), name);
  if (contacts(found) >= NET)
    throw new InvalidArgumentError(
      `${name}: the ink can't be told from lines that run from side to side: draw on plain or lightly ruled paper, or crop to the digit`,
    );
  const steps = [words(ink.isDark)];
  if (ink.unevenness > UNEVEN) steps.push('uneven light flattened');
  if (lines > 0) steps.push(`${lines} lines of the paper taken out`);
  const scale = Math.max(colours.fullWidth, colours.fullHeight) / Math.max(plane.width, plane.height);
  const { pixels, ...told } = digitOfInk({ ink, found, offset }, scale);
  return { pixels, steps: [...steps, ...told.steps], warnings: told.warnings };
}

/**
 * Like {@link prepareDigit}, for a drawing on uniformly white paper: searching for ink, which takes most of the time
 * for a picture, isn't necessary.
 *
 * @param paper from 0 (ink) to 255 (paper)
 * @throws {InvalidArgumentError} when there is no ink on it
 */
export function prepareDrawing(paper: Plane, name: string): Digit {
  const ink = inkOnPaper(paper);
  return digitOfInk({ ink, found: digitOf(ink, name), offset: { left: 0, top: 0 } }, 1);
}

/** The digit made of some ink, at `scale` times its size in the picture. */
function digitOfInk({ ink, found, offset }: PlacedInk, scale: number): Digit {
  const { shapes, kept, box, dropped } = found;
  const strokes = strokesOf(ink, shapes, kept, box);
  const { width, height } = fitted(strokes.plane);
  const steps: string[] = [];
  if (dropped.length > 0) steps.push(`${dropped.length} other mark${dropped.length === 1 ? '' : 's'} left out`);
  const full = (length: number) => Math.round(length * scale);
  const size = `${full(box.right - box.left)}×${full(box.bottom - box.top)}`;
  const place = `${full(offset.left + box.left)}, ${full(offset.top + box.top)}`;
  steps.push(`cropped to ${size} at ${place}`);
  if (strokes.change !== undefined) steps.push(strokes.change);
  steps.push(`scaled to ${width}×${height}`, 'centred');
  const warnings = warningsOf(found, `the one of ${size} pixels at ${place}`);
  if (full(extent(box)) < FEW_PIXELS) warnings.push(`the digit has only ${size} pixels`);
  return { pixels: centred(resized(strokes.plane, width, height)), steps, warnings };
}

/** Warnings if it is unclear which ink is the digit; `read` describes the chosen one. */
function warningsOf({ kept, box, dropped }: Found, read: string): string[] {
  const areaOf = (shapes: readonly Shape[]) => shapes.reduce((sum, { area }) => sum + area, 0);
  const others = dropped.filter(({ area, ...shape }) => {
    const size = extent(shape) / extent(box); // much larger ink is a frame
    return size >= ANOTHER_DIGIT && size <= 1 / ANOTHER_DIGIT && area >= 0.5 * ANOTHER_DIGIT * areaOf(kept);
  });
  const [across, down] = [box.right - box.left, box.bottom - box.top];
  const high = kept.filter(({ top, bottom }) => bottom - top >= HIGH_PART * down);
  const isBeside = high.some((shape) => high.some((other) => shape.right < other.left));
  const warnings: string[] = [];
  if (others.length > 0) warnings.push(`there is more than one mark of a digit's size; ${read} was read`);
  if (isBeside || across > WIDE * down)
    warnings.push('what was read as one digit may be several: give each a picture of its own');
  return warnings;
}

/** The number of places where the ink reaches the picture's edges. */
function contacts({ shapes: { width, height, labels }, kept }: Found): number {
  const own = new Set(kept.map(({ label }) => label));
  let count = 0;
  const look = (length: number, place: (i: number) => number) => {
    for (let i = 0, wasOwn = false; i < length; i++) {
      const isOwn = own.has(labels[place(i)]!);
      if (isOwn && !wasOwn) count++;
      wasOwn = isOwn;
    }
  };
  for (const y of [0, height - 1]) look(width, (x) => y * width + x);
  for (const x of [0, width - 1]) look(height, (y) => y * width + x);
  return count;
}

/** Pictures that already are MNIST digits stay unchanged. */
function alreadyPrepared({ width, height, data }: Plane, { fullWidth, fullHeight }: Colours) {
  if (fullWidth !== IMAGE_SIZE || fullHeight !== IMAGE_SIZE || width !== IMAGE_SIZE || height !== IMAGE_SIZE)
    return undefined;
  const ground = Math.round(data[0]!);
  if (ground !== 0 && ground !== 255) return undefined;
  const pixels = Uint8Array.from(data, (value) => (ground === 0 ? Math.round(value) : 255 - Math.round(value)));
  let [left, top, right, bottom] = [IMAGE_SIZE, IMAGE_SIZE, 0, 0];
  let [mass, across, down] = [0, 0, 0];
  for (const [at, value] of pixels.entries()) {
    if (value === 0) continue;
    const x = at % IMAGE_SIZE;
    const y = Math.floor(at / IMAGE_SIZE);
    mass += value;
    across += value * (x + 0.5);
    down += value * (y + 0.5);
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  }
  if (mass === 0) return undefined;
  const size = Math.max(right - left, bottom - top);
  const off = Math.max(Math.abs(across / mass - IMAGE_SIZE / 2), Math.abs(down / mass - IMAGE_SIZE / 2));
  if (size < DIGIT_SIZE - 2 || size > DIGIT_SIZE || off > 1.5) return undefined;
  return { pixels, isDark: ground !== 0 };
}

/** Enlarges small pictures so that a stroke has several pixels. */
function enlarged(plane: Plane): Plane {
  const factor = Math.ceil(112 / Math.max(plane.width, plane.height));
  return factor > 1 ? resized(plane, plane.width * factor, plane.height * factor) : plane;
}

/** Smooths the finest grain of large pictures. */
function smoothed(plane: Plane): Plane {
  return Math.max(plane.width, plane.height) >= 200 ? blurred(plane, 1) : plane;
}

function chooseInk(plane: Plane, name: string): Ink {
  const size = Math.max(plane.width, plane.height);
  // Anything wider than a stroke is ground; if nothing else is found, a shape as large as the picture counts as ink
  // too.
  const strokes = inksOf(plane);
  const found =
    strokes.length > 0 ? strokes : inksOf(plane, 2 * size).filter(({ contrast }) => contrast >= SOLID_CONTRAST);
  if (found.length === 0)
    throw new InvalidArgumentError(`${name}: found no ink: the picture has one shade all over, or nearly so`);
  const clear = found.filter(({ level, noise }) => level >= LEAST_CLARITY * noise);
  if (clear.length === 0)
    throw new InvalidArgumentError(`${name}: found no ink: nothing stands out of the grain of the picture`);
  return clear.reduce((best, ink) => (ink.likelihood > best.likelihood ? ink : best));
}

/** Both kinds of ink, if there is contrast. */
function inksOf(plane: Plane, widestStroke?: number): Ink[] {
  return [true, false]
    .map((isDark) => findInk(plane, isDark, widestStroke))
    .filter(({ contrast }) => contrast >= LEAST_CONTRAST);
}

/**
 * Searches for the ink again, now that the thickness of its strokes is known: a ground estimated closer to the strokes
 * follows shadows better.
 */
function refined(plane: Plane, ink: Ink, name: string): FoundInk {
  const core = digitOf(ink, name, 0.65);
  const window = Math.max(3 * strokeOf(core), 0.06 * Math.max(plane.width, plane.height));
  const again = findInk(plane, ink.isDark, window);
  if (window < ink.window && again.contrast > 0.6 * ink.contrast && again.level >= LEAST_CLARITY * again.noise)
    return { ink: again, found: digitOf(again, name) };
  return { ink, found: digitOf(ink, name) };
}

interface FoundInk {
  readonly ink: Ink;
  readonly found: Found;
}

/** Ink in a part of a picture, and the offset of that part. */
interface PlacedInk extends FoundInk {
  readonly offset: Pick<Box, 'left' | 'top'>;
}

/**
 * If a sheet of paper on a table was found (a shape much thicker than strokes are), the drawing on it. Otherwise, what
 * was found; `offset` is the position of its picture.
 */
function onSheet(plane: Plane, whole: FoundInk, name: string): PlacedInk {
  const { box } = whole.found;
  const size = extent(box);
  if (size > SHEET * Math.max(plane.width, plane.height) && strokeOf(whole.found) > THICKEST_STROKE * size) {
    const margin = Math.ceil(0.04 * size);
    const inner = {
      left: box.left + margin,
      top: box.top + margin,
      right: box.right - margin,
      bottom: box.bottom - margin,
    };
    try {
      const sheet = cut(plane, inner);
      return { ...refined(sheet, chooseInk(sheet, name), name), offset: inner };
    } catch (error) {
      // Nothing is on it: then it is the drawing.
      if (!(error instanceof InvalidArgumentError)) throw error;
    }
  }
  return { ...whole, offset: { left: 0, top: 0 } };
}

/** The thickness of the strokes of some shapes, in pixels. */
function strokeOf({ shapes: { width, labels }, kept, box }: Found): number {
  const own = new Set(kept.map(({ label }) => label));
  // With a margin of one pixel, which is outside of them.
  const [across, down] = [box.right - box.left + 2, box.bottom - box.top + 2];
  const outside = new Uint8Array(across * down).fill(1);
  for (let y = 1; y < down - 1; y++)
    for (let x = 1, from = (box.top + y - 1) * width + box.left; x < across - 1; x++, from++)
      if (own.has(labels[from]!)) outside[y * across + x] = 0;
  return thicknessOf(distances(across, down, outside));
}

/**
 * The thickness of strokes, from the distances of their pixels to the outside, whose mean is a quarter of the
 * thickness.
 */
function thicknessOf(inside: Float32Array): number {
  let [area, sum] = [0, 0];
  for (const distance of inside)
    if (distance > 0) {
      area++;
      sum += distance - 0.5;
    }
  return (4 * sum) / area;
}

interface Found {
  readonly shapes: Shapes;
  readonly kept: readonly Shape[];
  readonly box: Box;
  readonly dropped: readonly Shape[];
}

/** The shapes that form the digit, without specks, table edges, lines from side to side and other writing. */
function digitOf({ plane, level, noise }: Ink, name: string, threshold = 0.5): Found {
  const shapes = shapesOf(
    plane,
    Math.max((threshold - 0.1) * level, Math.min(3 * noise, threshold * level)),
    threshold * level,
  );
  const { width, height } = shapes;
  const largest = Math.max(...shapes.shapes.map(({ area }) => area));
  const size = Math.max(width, height);
  const candidates = shapes.shapes.filter((shape) => shape.area >= SPECK * largest && !isLine(shape, width, height));
  const inner = candidates.filter((shape) => shape.onEdge === 0 && extent(shape) > 0.05 * size);
  const possible = inner.length > 0 ? inner : candidates;
  const [main] = [...possible].sort((a, b) => b.area - a.area);
  if (main === undefined || extent(main) < 0.02 * size)
    throw new InvalidArgumentError(`${name}: found no ink: there are only specks in the picture`);
  const kept = [main];
  let box: Box = main;
  for (let grown = true; grown; ) {
    grown = false;
    for (const shape of candidates) {
      if (kept.includes(shape) || gap(shape, box) > FARTHEST_PART * extent(box) || shape.area < 0.03 * main.area)
        continue;
      if (shape.onEdge > 0 && main.onEdge === 0) continue;
      kept.push(shape);
      box = around(box, shape);
      grown = true;
    }
  }
  return { shapes, kept, box, dropped: candidates.filter((shape) => !kept.includes(shape)) };
}

/** Whether a shape is a thin line from side to side, as on lined paper. */
function isLine({ left, top, right, bottom }: Shape, width: number, height: number): boolean {
  const [across, down] = [right - left, bottom - top];
  return (across > 0.9 * width && down < 0.05 * height) || (down > 0.9 * height && across < 0.05 * width);
}

/** The digit alone, from 0 to 1, with strokes about as thick as MNIST's. */
function strokesOf(ink: Ink, { width, labels }: Shapes, kept: readonly Shape[], box: Box) {
  const own = new Set(kept.map(({ label }) => label));
  const margin = Math.ceil(extent(box) * 0.15) + 2;
  const [left, top] = [box.left - margin, box.top - margin];
  const [across, down] = [box.right - box.left + 2 * margin, box.bottom - box.top + 2 * margin];
  /** The offset of each pixel in the picture; -1 outside. */
  const places = new Int32Array(across * down).fill(-1);
  const isOwn = new Uint8Array(across * down);
  const height = labels.length / width;
  for (let y = Math.max(0, -top); y < Math.min(down, height - top); y++)
    for (let x = Math.max(0, -left); x < Math.min(across, width - left); x++) {
      const from = (top + y) * width + left + x;
      places[y * across + x] = from;
      if (labels[from] !== 0 && own.has(labels[from]!)) isOwn[y * across + x] = 1;
    }
  const outside = distances(across, down, isOwn);
  const inside = distances(
    across,
    down,
    isOwn.map((each) => 1 - each),
  );
  const unit = DIGIT_SIZE / extent(box);
  const stroke = thicknessOf(inside);
  const thickness = stroke * unit;
  let change: string | undefined;
  let wanted = stroke;
  if (thickness < STROKES.thinnest) {
    change = 'thin strokes thickened';
    wanted = STROKES.thin / (unit * (1 - STROKES.thin / DIGIT_SIZE + thickness / DIGIT_SIZE));
  } else if (thickness > STROKES.thickest) {
    change = 'thick strokes thinned';
    wanted = STROKES.thick / unit;
  }
  const grow = (wanted - stroke) / 2;
  const value = (at: number) => {
    if (change !== undefined) return Math.min(Math.max(grow + inside[at]! - outside[at]! + 0.5, 0), 1);
    if (outside[at]! > 2) return 0;
    const from = places[at]!;
    return from < 0 ? 0 : Math.min(Math.max((ink.plane.data[from]! / ink.level - 0.1) / 0.8, 0), 1);
  };
  const plane = planeOf(across, down, value);
  return { plane: cropped(plane), change };
}

/** Crops the empty rows and columns around a plane. */
function cropped(plane: Plane): Plane {
  let [left, top, right, bottom] = [plane.width, plane.height, 0, 0];
  for (let at = 0; at < plane.data.length; at++) {
    if (plane.data[at]! < 0.1) continue;
    const x = at % plane.width;
    const y = (at - x) / plane.width;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  }
  return cut(plane, { left, top, right, bottom });
}

/** The size within 20 × 20 with the same proportions. */
function fitted({ width, height }: Plane): { width: number; height: number } {
  const scale = DIGIT_SIZE / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** In 28 × 28, with the centre of mass in the middle, to whole pixels, and the ink scaled to maximum darkness. */
function centred({ width, height, data }: Plane): Uint8Array {
  let [mass, across, down, darkest] = [0, 0, 0, 0];
  for (let at = 0; at < data.length; at++) {
    const x = at % width;
    mass += data[at]!;
    across += data[at]! * (x + 0.5);
    down += data[at]! * ((at - x) / width + 0.5);
    darkest = Math.max(darkest, data[at]!);
  }
  const limit = (offset: number, size: number) => Math.min(Math.max(offset, 0), IMAGE_SIZE - size);
  const left = limit(Math.round(IMAGE_SIZE / 2 - across / mass), width);
  const top = limit(Math.round(IMAGE_SIZE / 2 - down / mass), height);
  const pixels = new Uint8Array(IMAGE_PIXELS);
  for (let at = 0; at < data.length; at++) {
    const x = at % width;
    const y = (at - x) / width;
    pixels[(top + y) * IMAGE_SIZE + left + x] = Math.round((255 * data[at]!) / darkest);
  }
  return pixels;
}
