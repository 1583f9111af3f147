import { onlyOptions } from '../../runtime/options';
import { colorsOf } from '../figure/colors';
import type { Figure } from '../figure/figure';
import type { Trace } from '../figure/figureData';
import { figureText } from '../figure/figureText';
import { inDarkPages } from '../figure/otherColors';
import { type ColorScale, sequentialScale } from '../figure/theme';
import { stepText } from './curves';
import { roundedFor } from './numbers';
import { type Panel, panelsFigure } from './panels';
import type { Logdirs } from './runs';
import {
  binned,
  evenly,
  type HistogramSeries,
  histogramSeries,
  type StepHistogramsOptions,
  type StepValues,
} from './stepHistograms';

/** Options of {@link histograms}. */
export interface HistogramsOptions extends StepHistogramsOptions {
  /**
   * `heatmap`: a column per step. `offset`: a curve per step, later ones in front of earlier ones, as in TensorBoard.
   *
   * @defaultValue `heatmap`
   */
  mode?: 'heatmap' | 'offset';
}

/** The number of bins per step, and the maximum number of steps. */
const BINS = 40;
const MAX_COLUMNS = 120;
const MAX_CURVES = 24;

/**
 * Plots how the distribution of values changes over steps, with a column per step: the darker, the more values. From
 * the histograms in runs' event files, a chart per tag and run, or from values.
 *
 * @param source as for `plot.scalars`, or values by step
 * @throws {NotFoundError} when a folder doesn't exist or contains no event files, or no run has a requested tag
 * @throws {InvalidArgumentError} when there are no values, or the mode is unknown
 * @example
 * await plot.histograms('summaries/run1', { tags: 'hidden1/weights' });
 * const before = await session.run(weights);
 * session.runSync(trainOp, feeds);
 * const after = await session.run(weights);
 * await plot.histograms([{ step: 0, values: before }, { step: 1, values: after }], { mode: 'offset' });
 */
export async function histograms(
  source: Logdirs | readonly StepValues[],
  options: HistogramsOptions = {},
): Promise<Figure> {
  const {
    mode = 'heatmap',
    title,
    tags,
  } = onlyOptions(options, { mode: ['heatmap', 'offset'], title: 'string', tags: 'any' });
  return panelsFigure((await histogramSeries(source, tags)).map(modes[mode]), title);
}

const modes = { heatmap: heatmapPanel, offset: offsetPanel };

/**
 * Darkness is proportional to the square root of the fraction: otherwise, a layer's many zeros would leave everything
 * else white.
 */
const heatmapScale = sequentialScale.map(([place, color]) => [place ** 2, color]);

function heatmapPanel({ title, steps: all }: HistogramSeries): Panel {
  const steps = evenly(all, MAX_COLUMNS);
  const { middles, shares } = binned(steps, BINS);
  const heatmap = {
    type: 'heatmap',
    x: steps.map(({ step }) => step),
    y: middles,
    z: middles.map((_, bin) => shares.map((column) => Number(column[bin]!.toPrecision(3)))),
    colorscale: heatmapScale,
    showscale: false,
    hovertemplate: figureText({
      en: '%{z:.1%} around %{y:.3g} at step %{x}<extra></extra>',
      zh: '第 %{x} 步，%{z:.1%} 在 %{y:.3g} 附近<extra></extra>',
    }),
  };
  return { title, data: [heatmap], xaxis: { title: { text: figureText(stepText) } }, yaxis: {} };
}

/** Curves offset by their steps; the highest one is as high as the distance of four steps. */
function offsetPanel({ title, steps: all }: HistogramSeries): Panel {
  const steps = evenly(all, MAX_CURVES);
  const { middles, shares } = binned(steps, BINS);
  const first = steps[0]!.step;
  const last = steps.at(-1)!.step;
  const apart = (last - first) / Math.max(1, steps.length - 1) || 1;
  const height = (4 * apart) / Math.max(...shares.flat());
  const later = (scale: ColorScale) => colorsOf(scale, 2 * steps.length).slice(steps.length);
  const [colors, darkPages] = [later(sequentialScale), later(inDarkPages(sequentialScale))];
  const round = roundedFor(apart);
  const data = steps.map(({ step }, i): Trace => {
    const curve = shares[i]!;
    return {
      type: 'scatter',
      mode: 'lines',
      // Upwards is back in time, as seen from the last step.
      x: [middles[0]!, ...middles, middles.at(-1)!],
      y: [step, ...curve.map((share) => round(step - share * height)), step],
      fill: 'toself',
      fillcolor: `rgb(${colors[i]})`,
      inDark: { fillcolor: `rgb(${darkPages[i]})` },
      line: { color: '#ffffff', width: 0.7 },
      text: [0, ...curve, 0].map((share) => `${Number((100 * share).toPrecision(2))}`),
      hovertemplate: figureText({
        en: `%{text} % around %{x:.3g} at step ${step}<extra></extra>`,
        zh: `第 ${step} 步，%{text} % 在 %{x:.3g} 附近<extra></extra>`,
      }),
      showlegend: false,
    };
  });
  return {
    title,
    data,
    xaxis: {},
    yaxis: { title: { text: figureText(stepText) }, range: [last + 0.5 * apart, first - 4 * apart], zeroline: false },
  };
}
