/** The learning curves of a search's trials. */

import { learningCurve, type SearchResults } from '../../hyperparameters';
import { InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions } from '../../runtime/options';
import { Figure } from '../figure/figure';
import type { Trace } from '../figure/figureData';
import { figureText } from '../figure/figureText';
import { Series } from '../figure/series';
import { palette } from '../figure/theme';
import { type ChartOptions, chartLayout, chartOptions } from './curves';
import { checkResults, trialText } from './results';

/** Options of {@link learningCurves}. */
export interface LearningCurvesOptions extends ChartOptions {
  /**
   * The metric to show.
   *
   * @defaultValue the one by which trials are compared
   */
  metric?: string;
}

/**
 * Plots a metric over the iterations of each trial of a search; the best trial's curve is in colour.
 *
 * @param results the result of `search` or `readResults`
 * @throws {InvalidArgumentError} when no trial has the metric
 * @example
 * plot.learningCurves(hyperparameters.readResults('summaries/search'), { metric: 'loss', logY: true });
 */
export function learningCurves(results: SearchResults, options: LearningCurvesOptions = {}): Figure {
  onlyOptions(options, { ...chartOptions, metric: 'string' });
  checkResults(results);
  const { metric = results.metric, ...chart } = options;
  const { best, trials } = results;
  const data = [...trials.filter(({ id }) => id !== best?.id), ...(best ? [best] : [])].flatMap((trial): Trace[] => {
    const series = new Series();
    for (const { iteration, metrics } of learningCurve(trial))
      if (metrics[metric] !== undefined) series.add(iteration, metrics[metric]);
    const points = series.points();
    if (points.x.length === 0) return [];
    const isBest = trial.id === best?.id;
    return [
      {
        type: 'scatter',
        mode: points.x.length > 1 ? 'lines' : 'markers',
        name: isBest
          ? figureText({ en: `trial ${trial.id}, the best`, zh: `试验 ${trial.id}，最好的` })
          : figureText(trialText(trial.id)),
        ...points,
        opacity: isBest ? 1 : 0.35,
        line: isBest ? { color: palette[1], width: 3 } : { color: palette[7], width: 1 },
        marker: { color: isBest ? palette[1] : palette[7], size: isBest ? 8 : 5 },
        showlegend: isBest,
        hovertemplate: figureText({
          en: '%{fullData.name}<br>iteration %{x}: %{y}<extra></extra>',
          zh: '%{fullData.name}<br>第 %{x} 次迭代：%{y}<extra></extra>',
        }),
      },
    ];
  });
  if (data.length === 0) throw new InvalidArgumentError(`no trial has a metric '${metric}'`);
  return new Figure(data, {
    ...chartLayout({
      title: figureText({ en: 'Learning curves', zh: '学习曲线' }),
      xLabel: figureText({ en: 'iteration', zh: '迭代次数' }),
      yLabel: metric,
      ...chart,
    }),
    showlegend: best !== undefined,
  });
}
