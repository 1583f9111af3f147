/** Represents a long series of points by a few of them. */
import type { Trace } from './figureData';
import { palette } from './theme';

/** When there are more buckets than this, pairs are merged. */
const MAX_BUCKETS = 512;

/** The approximate maximum number of points. */
export const MAX_POINTS = 2 * MAX_BUCKETS;

/**
 * A series of any length, represented by at most about a thousand points: neighbouring points share a bucket, of which
 * the lowest and the highest point are kept, so that peaks are preserved. Adding a point takes constant time.
 */
export class Series {
  /** Two points per bucket, in the order in which they were added; they may be the same. */
  readonly #x: number[] = [];
  readonly #y: number[] = [];
  /** The number of points per bucket, and in the last one. */
  #bucketSize = 1;
  #inLast = 1;
  #first: [x: number, y: number] | undefined;
  #last: [x: number, y: number] = [Number.NaN, Number.NaN];

  /** Appends a point. A value that is not a finite number leaves a gap, as long as each point has its own bucket. */
  add(x: number, y: number): void {
    const value = Number.isFinite(y) ? y : Number.NaN;
    this.#last = [x, value];
    this.#first ??= this.#last;
    if (this.#inLast < this.#bucketSize) {
      widen(this.#x, this.#y, this.#x.length - 2, x, value);
      this.#inLast++;
      return;
    }
    if (this.#x.length === MAX_POINTS) this.#halve();
    this.#x.push(x, x);
    this.#y.push(value, value);
    this.#inLast = 1;
  }

  /** The points that represent the series, including the first and the last one; null marks a gap. */
  points(): { x: number[]; y: (number | null)[] } {
    const x: number[] = [];
    const y: (number | null)[] = [];
    const add = (atX: number, atY: number) => {
      const value = Number.isNaN(atY) ? null : atY;
      if (x.at(-1) === atX && y.at(-1) === value) return;
      x.push(atX);
      y.push(value);
    };
    if (this.#first) {
      add(...this.#first);
      for (let i = 0; i < this.#x.length; i++) add(this.#x[i]!, this.#y[i]!);
      add(...this.#last);
    }
    return { x, y };
  }

  /** Merges pairs of buckets. */
  #halve(): void {
    for (let from = 0, to = 0; from < this.#x.length; from += 4, to += 2) {
      for (const array of [this.#x, this.#y]) array.copyWithin(to, from, from + 2);
      for (let i = from + 2; i < from + 4; i++) widen(this.#x, this.#y, to, this.#x[i]!, this.#y[i]!);
    }
    this.#x.length = this.#y.length = MAX_BUCKETS;
    this.#bucketSize *= 2;
  }
}

/** Adds a later point to the bucket at `at`. */
function widen(xs: number[], ys: number[], at: number, x: number, y: number): void {
  const [first, second] = [ys[at]!, ys[at + 1]!];
  const keep = (other: number) => {
    [xs[at], ys[at]] = [xs[other]!, ys[other]!];
    [xs[at + 1], ys[at + 1]] = [x, y];
  };
  if (Number.isNaN(first)) {
    xs[at] = x;
    ys[at] = y;
    keep(at);
  } else if (y < first && y < second) keep(first > second ? at : at + 1);
  else if (y > first && y > second) keep(first < second ? at : at + 1);
}

/** The end of a series: the points of the last `window` on the x axis. */
export class RecentSeries {
  readonly #window: number;
  readonly #x: number[] = [];
  readonly #y: number[] = [];
  /** The index of the first point; earlier ones are removed in batches. */
  #start = 0;

  constructor(window: number) {
    this.#window = window;
  }

  /** Appends a point. */
  add(x: number, y: number): void {
    this.#x.push(x);
    this.#y.push(y);
    while (this.#x[this.#start]! <= x - this.#window) this.#start++;
    if (this.#start < 1000 || this.#start < this.#x.length / 2) return;
    this.#x.splice(0, this.#start);
    this.#y.splice(0, this.#start);
    this.#start = 0;
  }

  /** The points that represent the series, selected as by {@link Series}. */
  points(): { x: number[]; y: (number | null)[] } {
    const series = new Series();
    for (let i = this.#start; i < this.#x.length; i++) series.add(this.#x[i]!, this.#y[i]!);
    return series.points();
  }
}

/** A series of all points, or of the last `window` on the x axis. */
export function seriesOf(window: number | undefined): Series | RecentSeries {
  return window === undefined ? new Series() : new RecentSeries(window);
}

const SMOOTHED = '\nsmoothed';

/** The key of a curve's smoothed version, next to its original values. */
export const smoothedKey = (name: string): string => name + SMOOTHED;
export const isSmoothed = (key: string): boolean => key.endsWith(SMOOTHED);

/**
 * Traces of curves by name. Where there is a smoothed curve, the original values are pale behind it.
 *
 * @param points the names of curves to draw as points, without lines
 */
export function tracesOf(curves: ReadonlyMap<string, Series | RecentSeries>, points: readonly string[] = []): Trace[] {
  const names = [...curves.keys()].filter((key) => !isSmoothed(key));
  const raw = names.map((name, i): Trace => {
    const mode = points.includes(name) ? 'markers' : 'lines';
    const trace = { type: 'scatter', mode, name, ...curves.get(name)!.points() };
    if (!curves.has(smoothedKey(name))) return trace;
    const line = { color: colorOf(i), width: 1 };
    return { ...trace, legendgroup: name, showlegend: false, opacity: PALE, hoverinfo: 'skip', line };
  });
  const smooth = names.flatMap((name, i): Trace[] => {
    const series = curves.get(smoothedKey(name));
    const line = { color: colorOf(i), width: 2.5 };
    return series
      ? [
          {
            type: 'scatter',
            mode: 'lines',
            name,
            legendgroup: name,
            showlegend: names.length > 1,
            line,
            ...series.points(),
          },
        ]
      : [];
  });
  return [...raw, ...smooth];
}

/** The opacity of values behind their smoothed curve. */
const PALE = 0.35;
const colorOf = (curve: number): string => palette[curve % palette.length]!;
