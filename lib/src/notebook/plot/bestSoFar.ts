/** The progress of a search. */

import { type FlatValue, flatConfig, type SearchResults } from '../../hyperparameters';
import { InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions } from '../../runtime/options';
import { Figure } from '../figure/figure';
import { figureText } from '../figure/figureText';
import { palette } from '../figure/theme';
import { inLanguage } from '../language';
import { type ChartOptions, chartLayout, chartOptions } from './curves';
import { checkResults, trialText } from './results';

/**
 * Plots the best value found by a search over the total number of trained iterations; and the value of every
 * evaluation, as a point that shows the trial's hyperparameters on hover. The best one has a ring.
 *
 * @param results the result of `search` or `readResults`
 * @throws {InvalidArgumentError} when no trial has finished
 * @example
 * plot.bestSoFar(hyperparameters.readResults('summaries/search'), { logY: true });
 */
export function bestSoFar(results: SearchResults, options: ChartOptions = {}): Figure {
  onlyOptions(options, chartOptions);
  checkResults(results);
  const { metric, mode } = results;
  const evaluations = inOrder(results);
  if (evaluations.length === 0) throw new InvalidArgumentError('expected a search in which a trial has finished');
  const better = mode === 'max' ? Math.max : Math.min;
  let best = Number.NaN;
  const bests = evaluations.map(({ value }) => {
    best = Number.isNaN(best) ? value : better(best, value);
    return best;
  });
  const x = evaluations.map(({ trained }) => trained);
  const first = evaluations.find(({ value }) => value === best)!;
  return new Figure(
    [
      {
        type: 'scatter',
        mode: 'markers',
        name: figureText({ en: 'trials', zh: '各次试验' }),
        x,
        y: evaluations.map(({ value }) => value),
        text: evaluations.map(inWords),
        hovertemplate: '%{y}: %{text}<extra></extra>',
        marker: { color: palette[0], opacity: 0.6, size: 7 },
      },
      {
        type: 'scatter',
        mode: 'lines',
        name: figureText({ en: 'best so far', zh: '目前最好' }),
        x,
        y: bests,
        line: { color: palette[1], shape: 'hv', width: 3 },
        hoverinfo: 'skip',
      },
      {
        type: 'scatter',
        mode: 'markers',
        name: figureText(trialText(first.trial)),
        x: [first.trained],
        y: [best],
        text: [inWords(first)],
        hovertemplate: '<b>%{y}</b>: %{text}<extra></extra>',
        marker: { color: palette[1], symbol: 'circle-open', size: 16, line: { width: 2.5 } },
      },
    ],
    {
      ...chartLayout({
        title: figureText({ en: 'Best so far', zh: '目前最好的结果' }),
        xLabel: figureText({ en: 'iterations of all trials', zh: '所有试验的迭代次数之和' }),
        yLabel: metric,
        ...options,
      }),
      showlegend: true,
    },
  );
}

/** Describes the evaluation of a point and the trial's hyperparameters. */
function inWords({ trial, iteration, config }: { trial: number; iteration: number; config: unknown }): string {
  const tried = Object.entries(flatConfig(config)).map(([name, value]) => `${name} ${shortened(value)}`);
  const point = inLanguage({
    en: `trial ${trial}, iteration ${iteration}`,
    zh: `试验 ${trial}，第 ${iteration} 次迭代`,
  });
  return `${point}<br>${tried.join('<br>')}`;
}

const shortened = (value: FlatValue): string => `${typeof value === 'number' ? Number(value.toPrecision(3)) : value}`;

/** The evaluations with a number, in the order in which they ended, with the total number of iterations up to then. */
function inOrder({ trials, metric }: SearchResults) {
  let trained = 0;
  return trials
    .flatMap(({ id, config, status, evaluations }) =>
      evaluations.map(({ iteration, metrics, time }, i) => {
        const before = evaluations[i - 1]?.iteration ?? 0;
        return {
          trial: id,
          config,
          iteration,
          value: status === 'failed' ? Number.NaN : metrics[metric]!,
          time,
          more: iteration - before,
        };
      }),
    )
    .sort((one, other) => one.time - other.time)
    .map((evaluation) => {
      trained += evaluation.more;
      return { ...evaluation, trained };
    })
    .filter(({ value }) => Number.isFinite(value));
}
