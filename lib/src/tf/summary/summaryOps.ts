/** What the summaries of TensorFlow 1 and their older names share: tags, collections, merging. */

import { checkArray, checkInstance, checkText } from '../../runtime/arguments';
import { InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { type HostArray, toHostArray } from '../../runtime/hostArray';
import type { Attributes } from '../graph/attributes';
import { GraphKeys } from '../graph/collections';
import { getDefaultGraph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import { Tensor } from '../graph/tensor';
import { applyOne, graphOf, type Operand } from '../ops/apply';

/** A tensor whose value is a serialized `Summary`. */
export type SummaryTensor = Tensor<'string', 'scalar'>;

declare module '../graph/collectionTypes' {
  interface CollectionTypes {
    summaries: SummaryTensor;
  }
}

/** Makes a tag that contains only characters allowed in operation names, and doesn't begin with a slash. */
export function cleanTag(name: string): string {
  checkText('the name of a summary', name);
  const clean = name.replace(/[^-/\w.]/g, '_').replace(/^\/+/, '');
  if (clean !== name) console.info(`Summary name ${name} is illegal; using ${clean} instead.`);
  return clean;
}

/** A summary whose name and first input, its tag, are derived from `name`, the scope and the family. */
export function summaryOf(
  type: string,
  name: string,
  inputs: readonly Operand[],
  { collections, family }: { collections?: readonly string[]; family?: string } = {},
  attributes?: Attributes,
): SummaryTensor {
  const tag = cleanTag(name);
  if (!family) return taggedSummary(type, tag, (place) => place, inputs, collections, attributes);
  // The family is part of the scope, so that equal tags of one family get numbers; as the first part of the tag,
  // TensorBoard groups by it.
  const group = cleanTag(family);
  return taggedSummary(type, `${group}/${tag}`, (place) => `${group}/${place}`, inputs, collections, attributes);
}

/**
 * A summary.
 *
 * @param name the operation's name in the scope
 * @param tagOf makes its first input from the name that it gets
 */
export function taggedSummary(
  type: string,
  name: string,
  tagOf: (place: string) => Operand,
  inputs: readonly Operand[],
  collections: readonly string[] = [GraphKeys.SUMMARIES],
  attributes: Attributes = {},
): SummaryTensor {
  const graph = graphOf(inputs);
  return graph.nameScope(name, (scope) => {
    const summary: SummaryTensor = applyOne(type, [tagOf(scope.slice(0, -1)), ...inputs], attributes, scope);
    graph.addToCollections(collections, summary);
    return summary;
  });
}

/** The attributes of an `ImageSummary`. */
export function imageAttributes(maxImages: number, badColor: readonly number[] = [255, 0, 0, 255]): Attributes {
  return { max_images: maxImages, bad_color: toHostArray(badColor, 'uint8') };
}

/** The summaries that use their tag unchanged; those of images and sounds add a suffix. */
const writesUnderTag = new Set(['ScalarSummary', 'HistogramSummary', 'TensorSummaryV2']);

/**
 * Checks that no two summaries write to the same tag, as far as tags are known: running a merge of such summaries would
 * fail.
 *
 * @throws {InvalidArgumentError} when two do
 */
function checkTags(inputs: readonly SummaryTensor[], known = new Map<string, Operation>()): void {
  for (const { op } of inputs) {
    if (op.type === 'MergeSummary') checkTags(op.inputs as SummaryTensor[], known);
    const [tags] = op.inputs;
    if (!writesUnderTag.has(op.type) || tags?.op.type !== 'Const') continue;
    for (const tag of (tags.op.getAttribute('value') as HostArray<'string'>).data.map(String)) {
      const other = known.get(tag);
      if (other && other !== op)
        throw new InvalidArgumentError(
          `the tag '${tag}' is that of a ${other.type} ('${other.name}') and of a ${op.type} ('${op.name}'); ` +
            'summaries that are merged need tags of their own',
        );
      known.set(tag, op);
    }
  }
}

/** A merged summary in a scope of its own, named by its type if no name is given. */
export function mergeUnder(
  scope: string,
  inputs: readonly SummaryTensor[],
  collections: readonly string[] = [],
  name?: string,
): SummaryTensor {
  checkArray('the summaries to merge', inputs);
  if (inputs.length === 0) throw new InvalidArgumentError('expected summaries to merge, got none');
  for (const input of inputs) checkInstance('what is merged', input, Tensor);
  checkTags(inputs);
  const graph = graphOf(inputs);
  return graph.nameScope(scope, () => {
    const summary: SummaryTensor = applyOne('MergeSummary', [inputs], {}, name);
    graph.addToCollections(collections, summary);
    return summary;
  });
}

/**
 * The summaries of a collection of the default graph.
 *
 * @throws {NotFoundError} when there are none
 */
export function summariesIn(key: string, scope?: string): SummaryTensor[] {
  checkText('the name of a collection', key);
  const summaries = getDefaultGraph().getCollection<SummaryTensor>(key, scope);
  if (summaries.length > 0) return summaries;
  const within = scope === undefined ? '' : ` in the scope '${scope}'`;
  throw new NotFoundError(`the default graph has no summaries in its collection '${key}'${within}`);
}
