/** The TensorBoard article's summaries of a variable. */

import { checkInstance } from '../runtime/arguments';
import { Tensor } from '../tf/graph/tensor';
import { sqrt, square, sub } from '../tf/ops/elementwise';
import { reduceMax, reduceMean, reduceMin } from '../tf/ops/reduce';
import { taggedSummary } from '../tf/summary/summaryOps';

/**
 * Summaries of a tensor: its mean, standard deviation, maximum, minimum and histogram, under the scope `summaries`.
 *
 * @param variable floating-point numbers of any shape
 * @param name as in the article's first edition, the tags are `mean/<name>`, `stddev/<name>`, `max/<name>`,
 * `min/<name>` and `<name>`; without it, as in its last edition, they are `summaries/mean` … `summaries/histogram`
 * under the current scope
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
    // Explicit tags: names ignore case, so the operation `mean` becomes `mean_1` next to `Mean`.
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
