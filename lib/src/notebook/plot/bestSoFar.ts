/** How a search got on. */

import type { SearchResults } from '../../hyperparameters';
import { InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions } from '../../runtime/options';
import { Figure } from '../figure/figure';
import { palette } from '../figure/theme';
import { type ChartOptions, chartLayout, chartOptions } from './curves';
import { checkResults } from './results';

/**
 * The best value that a search had found, over the iterations that all its trials had trained by then; and the value of every
 * evaluation.
 *
 * @param results what `search` or `readResults` gives
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
  return new Figure(
    [
      {
        type: 'scatter',
        mode: 'markers',
        name: 'trials',
        x,
        y: evaluations.map(({ value }) => value),
        text: evaluations.map(({ trial, iteration }) => `trial ${trial}, iteration ${iteration}`),
        hovertemplate: '%{text}: %{y}<extra></extra>',
        marker: { color: palette[7], opacity: 0.45, size: 6 },
      },
      {
        type: 'scatter',
        mode: 'lines',
        name: 'best so far',
        x,
        y: bests,
        line: { color: palette[1], shape: 'hv', width: 3 },
      },
    ],
    {
      ...chartLayout({ title: 'Best so far', xLabel: 'iterations of all trials', yLabel: metric, ...options }),
      showlegend: true,
    },
  );
}

/** The evaluations that gave a number, in the order in which they ended, with the iterations trained by all trials up to then. */
function inOrder({ trials, metric }: SearchResults) {
  let trained = 0;
  return trials
    .flatMap(({ id, status, evaluations }) =>
      evaluations.map(({ iteration, metrics, time }, i) => {
        const before = evaluations[i - 1]?.iteration ?? 0;
        return {
          trial: id,
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
