/** Ticks of logarithmic axes with readable numbers: 0.05 instead of a small 5. Runs in Node and in browsers. */
import { axisAt, type FigureData, type Layout, type Trace } from './figureData';

/** Adds such ticks to logarithmic axes without ticks of their own. */
export function withLogTicks({ data, layout }: FigureData): FigureData {
  const axes = Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key));
  const changed = axes.flatMap((key): [string, object][] => {
    const axis = axisAt(layout, key);
    if (axis.type !== 'log' || axis.tickvals || axis.tickmode || axis.dtick) return [];
    const ticks = ticksOver(...extentOf(data, key));
    return ticks.length > 0 ? [[key, { ...axis, ...attributes(ticks) }]] : [];
  });
  return changed.length === 0
    ? { data, layout }
    : { data, layout: { ...layout, ...Object.fromEntries(changed) } as Layout };
}

const attributes = (ticks: readonly number[]) => ({
  tickvals: ticks,
  ticktext: ticks.map(tickText),
  minor: { dtick: 'D1', ticks: 'outside', ticklen: 3 },
});

/**
 * The maximum number of decades with ticks at 1, 2 and 5; and the number from which Plotly's own evenly spaced ticks
 * are better.
 */
const WITH_TWO_AND_FIVE = 2.2;
const NEARLY_LINEAR = 0.5;
const MOST = 8;

/** The positions of ticks around a range of values; empty if Plotly's own are as good. */
export function ticksOver(least: number, greatest: number): number[] {
  const decades = Math.log10(greatest / least);
  if (!(decades > NEARLY_LINEAR) || !Number.isFinite(decades)) return [];
  const [first, last] = [Math.floor(Math.log10(least)) - 1, Math.ceil(Math.log10(greatest)) + 1];
  const every = Math.ceil(decades / MOST);
  const factors = decades <= WITH_TWO_AND_FIVE ? [1, 2, 5] : [1];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    .filter((exponent) => exponent % every === 0)
    .flatMap((exponent) => factors.map((factor) => Number(`${factor}e${exponent}`)));
}

/** A number as people read it: 0.002, 50, 10⁻⁷. */
export function tickText(value: number): string {
  if (value >= 1e-4 && value < 1e6) return value < 1e4 ? `${value}` : `${value / 1e3}k`;
  const [factor, exponent] = value.toExponential().split('e') as [string, string];
  const power = `10<sup>${exponent.replace('+', '').replace('-', '−')}</sup>`;
  return factor === '1' ? power : `${factor}×${power}`;
}

/** The least and greatest positive value on an axis. */
function extentOf(data: readonly Trace[], key: string): [least: number, greatest: number] {
  const [direction, id] = [key.startsWith('x') ? 'x' : 'y', key.replace('axis', '')] as const;
  let [least, greatest] = [Number.POSITIVE_INFINITY, 0];
  for (const trace of data) {
    const values = trace[direction];
    if ((trace[`${direction}axis`] ?? direction) !== id || !(Array.isArray(values) || ArrayBuffer.isView(values)))
      continue;
    for (const value of values as ArrayLike<unknown> as unknown[]) {
      if (typeof value !== 'number' || !(value > 0)) continue;
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
  }
  return [least, greatest];
}
