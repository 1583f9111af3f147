/** What summaries that a program writes itself have in common: their tags, and tensors for TensorBoard's plugins. */
import type { MessageInit, Summary } from '../../protos';
import { DataClass } from '../../protos';
import { checkText } from '../../runtime/arguments';
import { HostArray } from '../../runtime/hostArray';
import { encodeTensor } from '../graph/tensorProto';

/** A tensor for a plugin, with what the plugin has to know about it. */
export function pluginValue(
  tag: string,
  pluginName: string,
  tensor: HostArray,
  content: Uint8Array = new Uint8Array(0),
): MessageInit<Summary.Value> {
  const metadata = { pluginData: { pluginName, content }, dataClass: DataClass.TENSOR };
  return { tag, metadata, tensor: encodeTensor(tensor) };
}

/** The tensor of summaries that are all in their metadata. */
export const nothing = new HostArray('float32', [1], new Float32Array(1));

/**
 * The tags of what is written at once: of a single thing the tag itself, of a batch what TensorFlow's kernels make of it:
 * `tag/image/0`, `tag/image/1` …
 */
export function batchTags(tag: string, kind: 'image' | 'audio', batch: boolean, count: number): string[] {
  checkText('the tag of a summary', tag);
  return batch ? Array.from({ length: count }, (_, i) => `${tag}/${kind}/${i}`) : [tag];
}
