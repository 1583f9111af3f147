/** What TensorBoard's article writes about every variable of its network. */

import { checkInstance } from '../runtime/arguments';
import { Tensor } from '../tf/graph/tensor';
import { sqrt, square, sub } from '../tf/ops/elementwise';
import { reduceMax, reduceMean, reduceMin } from '../tf/ops/reduce';
import { taggedSummary } from '../tf/summary/summaryOps';

/**
 * Summaries of a tensor: its mean, standard deviation, maximum and minimum, and its histogram. They are built under the
 * scope `summaries`.
 *
 * @param variable floating numbers of any shape
 * @param name as in the article's first edition, the tags are `mean/<name>`, `stddev/<name>`, `max/<name>`, `min/<name>` and
 *   `<name>`; without it, as in its last one, they are `summaries/mean` … `summaries/histogram` under the current scope
 *
 * @example
 * tf.nameScope('weights', () => {
 *   const weights = new tf.Variable(tf.truncatedNormal([784, 500], { stddev: 0.1 }));
 *   mnist.variableSummaries(weights);
 * });
 */
export function variableSummaries(variable: Tensor<'float32' | 'float64'>, name?: string): void {
  checkInstance('what is summarized', variable, Tensor);
  const { graph } = variable;
  graph.nameScope('summaries', (scope) => {
    // Tags of their own: the operation `mean` becomes `mean_1` beside `Mean`, since case makes no difference.
    const add = (type: string, what: string, value: Tensor, tag = `${what}/${name}`) =>
      taggedSummary(type, what, () => (name === undefined ? `${scope}${what}` : tag), [value]);
    const mean = reduceMean(variable);
    add('ScalarSummary', 'mean', mean);
    const stddev = graph.nameScope('stddev', () => sqrt(reduceMean(square(sub(variable, mean)))));
    add('ScalarSummary', 'stddev', stddev);
    add('ScalarSummary', 'max', reduceMax(variable));
    add('ScalarSummary', 'min', reduceMin(variable));
    add('HistogramSummary', 'histogram', variable, name);
  });
}
