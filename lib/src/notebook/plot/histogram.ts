/** The distribution of values. */
import { shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import type { ArrayLike } from '../../runtime/hostArray';
import { numbersOf } from '../../runtime/numbers';
import { onlyOptions } from '../../runtime/options';
import { Figure } from '../figure/figure';
import { figureText } from '../figure/figureText';
import { type ChartOptions, chartLayout, chartOptions } from './curves';
import { extent } from './numbers';

/** Options of {@link histogram}. */
export interface HistogramOptions extends ChartOptions {
  /**
   * The number of bars.
   *
   * @defaultValue `40`
   */
  bins?: number;
}

/**
 * Plots a histogram of an array of any shape. Values that are not finite numbers aren't counted.
 *
 * @throws {InvalidArgumentError} when there is no finite number, or `bins` is not a positive integer
 * @example
 * plot.histogram(await session.run(weights), { title: 'Weights of the first layer' });
 */
export function histogram(values: ArrayLike, options: HistogramOptions = {}): Figure {
  const { bins = 40 } = onlyOptions(options, { ...chartOptions, bins: 'number' });
  if (!Number.isInteger(bins) || bins < 1)
    throw new InvalidArgumentError(`expected 1 or more bins, got ${shown(bins)}`);
  const { data } = numbersOf(values, 'values');
  const [least, greatest] = extent(data);
  if (Number.isNaN(least)) throw new InvalidArgumentError(`expected finite numbers, got none in ${data.length} values`);
  // If all are the same: one bar in the middle, not one of width zero.
  const [start, end] = least < greatest ? [least, greatest] : [least - 0.5, least + 0.5];
  const width = (end - start) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (Number.isFinite(value)) counts[Math.min(bins - 1, Math.floor((value - start) / width))]!++;
  }
  const bars = {
    type: 'bar',
    x: counts.map((_, i) => start + (i + 0.5) * width),
    y: counts,
    width,
    marker: { line: { width: 0.5, color: '#ffffff' } },
    hovertemplate: figureText({ en: '%{y} around %{x}<extra></extra>', zh: '%{x} 附近有 %{y} 个<extra></extra>' }),
  };
  return new Figure(
    [bars],
    chartLayout({
      xLabel: figureText({ en: 'value', zh: '值' }),
      yLabel: figureText({ en: 'count', zh: '个数' }),
      ...options,
    }),
  );
}
