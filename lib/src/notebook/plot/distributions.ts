/** Quantiles over steps. */
import { onlyOptions } from '../../runtime/options';
import { rgbOf } from '../figure/colors';
import type { Figure } from '../figure/figure';
import type { Trace } from '../figure/figureData';
import { figureText } from '../figure/figureText';
import { palette } from '../figure/theme';
import type { Bilingual } from '../language';
import { stepText } from './curves';
import { extent, roundedFor } from './numbers';
import { type Panel, panelsFigure } from './panels';
import type { Logdirs } from './runs';
import {
  evenly,
  type HistogramSeries,
  histogramSeries,
  quantiles,
  type StepHistogramsOptions,
  type StepValues,
} from './stepHistograms';

/** The quantiles of a normal distribution in steps of half a standard deviation, as in TensorBoard. */
const shares = [0, 0.0668, 0.1587, 0.3085, 0.5, 0.6915, 0.8413, 0.9332, 1];
const names = [
  { en: 'least', zh: '最小值' },
  ...['7 %', '16 %', '31 %'],
  { en: 'median', zh: '中位数' },
  ...['69 %', '84 %', '93 %'],
  { en: 'greatest', zh: '最大值' },
];
const MEDIAN = 4;
const MAX_STEPS = 80;
const color = (opacity: number) => `rgba(${rgbOf(palette[0]!)},${opacity})`;

/**
 * Plots how the distribution of values changes over steps, like TensorBoard's Distributions page: the median is a line,
 * surrounded by bands that contain 38, 68, 87 and 100 percent of the values. From the histograms in runs' event files,
 * a chart per tag and run, or from values.
 *
 * @param source as for `plot.scalars`, or values by step
 * @throws {NotFoundError} when a folder doesn't exist or contains no event files, or no run has a requested tag
 * @throws {InvalidArgumentError} when there are no values
 * @example
 * await plot.distributions('summaries/run1', { tags: 'hidden1/activations' });
 */
export async function distributions(
  source: Logdirs | readonly StepValues[],
  options: StepHistogramsOptions = {},
): Promise<Figure> {
  const { title, tags } = onlyOptions(options, { title: 'string', tags: 'any' });
  const figure = panelsFigure((await histogramSeries(source, tags)).map(panelOf), title);
  figure.layout.hovermode = 'x unified';
  return figure;
}

const nameOf = (name: string | Bilingual) => (typeof name === 'string' ? name : figureText(name));

/** A line per quantile; the band below it is darker the closer it is to the median. */
function panelOf({ title, steps: all }: HistogramSeries): Panel {
  const steps = evenly(all, MAX_STEPS);
  const values = steps.map((step) => quantiles(step, shares));
  const [least, greatest] = extent(values.flat());
  const round = roundedFor((greatest - least || 1) / 100);
  const data = shares.map((_, i): Trace => {
    const distance = i <= MEDIAN ? MEDIAN - i : i - MEDIAN - 1; // of the band below
    return {
      type: 'scatter',
      mode: steps.length > 1 ? 'lines' : 'markers',
      x: steps.map(({ step }) => step),
      y: values.map((quantile) => round(quantile[i]!)),
      name: nameOf(names[i]!),
      line: i === MEDIAN ? { color: palette[0], width: 2 } : { color: color(0.3), width: 0.5 },
      marker: { color: palette[0] },
      ...(i > 0 && { fill: 'tonexty', fillcolor: color(0.5 - 0.12 * distance) }),
      showlegend: false,
    };
  });
  return { title, data, xaxis: { title: { text: figureText(stepText) } }, yaxis: {} };
}
