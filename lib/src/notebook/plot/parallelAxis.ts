/** An axis of parallel coordinates. */
import type { FlatValue } from '../../hyperparameters';

/** The positions of values on an axis, and its ticks. */
export interface ParallelAxis {
  readonly label: string;
  /** A position for each value. */
  readonly places: number[];
  /** The lowest and the highest position, which differ. */
  readonly range: readonly [low: number, high: number];
  readonly ticks: readonly { readonly place: number; readonly text: string }[];
}

/**
 * An axis for numbers or, if there are other values, for categories in order of first occurrence. Undefined values have
 * their own position at the lower end.
 *
 * @param logarithmic whether numbers, which must then be positive, are positioned by their logarithms
 */
export function valuesAxis(
  label: string,
  values: readonly (FlatValue | undefined)[],
  { logarithmic = false } = {},
): ParallelAxis {
  const there = values.filter((value) => value !== undefined);
  const areNumbers = there.every((value) => typeof value === 'number');
  const axis = areNumbers ? numbersAxis(there, logarithmic) : categoriesAxis(there);
  const { placeOf, ticks } = axis;
  const all = [...there.map(placeOf), ...ticks.map(({ place }) => place)];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const length = high - low || 1;
  const absent = low - 0.15 * length;
  const missing = there.length < values.length;
  return {
    label,
    places: values.map((value) => (value === undefined ? absent : placeOf(value))),
    range: low === high ? [missing ? absent : low - 0.5, low + 0.5] : [missing ? absent : low, high],
    ticks: missing ? [{ place: absent, text: '–' }, ...ticks] : ticks,
  };
}

interface Scale {
  placeOf(value: FlatValue): number;
  ticks: { place: number; text: string }[];
}

function categoriesAxis(values: readonly FlatValue[]): Scale {
  const categories = [...new Set(values)];
  const placeOf = (value: FlatValue) => categories.indexOf(value);
  return { placeOf, ticks: categories.map((value, place) => ({ place, text: String(value) })) };
}

function numbersAxis(values: readonly number[], logarithmic: boolean): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const few = [...new Set(values)];
  const placeOf = (value: FlatValue) => (logarithmic ? Math.log10(Number(value)) : Number(value));
  // If there are few values, such as those of a choice, each has a tick.
  const marked =
    few.length <= 6 ? few.sort((one, other) => one - other) : logarithmic ? powers(low, high) : round(low, high);
  return { placeOf, ticks: marked.map((value) => ({ place: placeOf(value), text: textOf(value) })) };
}

/** The powers of ten in a range; its ends, if there are fewer than two. */
function powers(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  if (last <= first) return [low, high];
  return Array.from({ length: last - first + 1 }, (_, i) => Number((10 ** (first + i)).toPrecision(1)));
}

/** About five round numbers in a range. */
function round(low: number, high: number): number[] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough)!;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

function textOf(value: number): string {
  return String(Number(value.toPrecision(4)));
}
