/**
 * Summaries: operations whose values, serialized `Summary` messages, a `FileWriter` puts into event files.
 *
 * @see TensorFlow's python/summary/summary.py
 */
import { GraphKeys } from '../graph/collections';
import { getDefaultGraph } from '../graph/graph';
import type { Tensor } from '../graph/tensor';
import type { NumericDType } from '../runtime/dtypes';
import { NotFoundError } from '../runtime/errors';
import { applyOne, graphOf } from './apply';
import { registerNotDifferentiable } from './gradientRegistry';

/** A tensor whose value is a serialized `Summary`. */
export type SummaryTensor = Tensor<'string', 'scalar'>;

/** Options of every summary. */
export interface SummaryOptions {
  /** The collections it is added to, for {@link mergeAll}; `GraphKeys.SUMMARIES` by default. */
  collections?: readonly string[];
  /** Put before the tag, so that TensorBoard shows summaries of one family together. */
  family?: string;
}

/**
 * A summary of one number.
 *
 * @param name the tag, under the current name scope; characters that no name can have become `_`
 * @param tensor a scalar
 *
 * @example
 * tf.summary.scalar('loss', loss);
 */
export function scalar(
  name: string,
  tensor: Tensor<NumericDType>,
  { collections = [GraphKeys.SUMMARIES], family }: SummaryOptions = {},
): SummaryTensor {
  const graph = graphOf([tensor]);
  const clean = cleanTag(name);
  return graph.nameScope(family ? `${cleanTag(family)}/${clean}` : clean, (scope) => {
    const place = scope.slice(0, -1);
    const tag = family ? `${cleanTag(family)}/${place}` : place;
    const summary: SummaryTensor = applyOne('ScalarSummary', [tag, tensor], {}, scope);
    graph.addToCollections(collections, summary);
    return summary;
  });
}

/**
 * A summary that holds everything that others hold.
 *
 * @example
 * const merged = tf.summary.merge([lossSummary, rateSummary]);
 */
export function merge(
  inputs: readonly SummaryTensor[],
  { collections = [], name = 'Merge' }: { collections?: readonly string[]; name?: string } = {},
): SummaryTensor {
  const graph = graphOf(inputs);
  return graph.nameScope(name, () => {
    const summary: SummaryTensor = applyOne('MergeSummary', [inputs]);
    graph.addToCollections(collections, summary);
    return summary;
  });
}

/**
 * A summary that holds everything that the default graph's summaries hold.
 *
 * @param key the collection to merge
 * @throws {NotFoundError} when there are none (where Python returns `None`, which every caller would have to rule out)
 *
 * @example
 * const summary = tf.summary.mergeAll();
 * writer.addSummary(await session.run(summary, feeds), step);
 */
export function mergeAll(
  key: string = GraphKeys.SUMMARIES,
  { scope, name }: { scope?: string; name?: string } = {},
): SummaryTensor {
  const summaries = getDefaultGraph().getCollection<SummaryTensor>(key, scope);
  if (summaries.length === 0) throw new NotFoundError(`the default graph has no summaries in its collection '${key}'`);
  return merge(summaries, { name });
}

/** A tag has only characters that names of operations can have, and doesn't begin with a slash. */
function cleanTag(name: string): string {
  return name.replace(/[^-/\w.]/g, '_').replace(/^\/+/, '');
}

registerNotDifferentiable('ScalarSummary', 'MergeSummary');
