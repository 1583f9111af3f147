/** Helpers for summaries that a program writes itself: their tags, and tensors for TensorBoard's plugins. */
import type { MessageInit, Summary } from '../../protos';
import { DataClass } from '../../protos';
import { checkText } from '../../runtime/arguments';
import { HostArray } from '../../runtime/hostArray';
import { encodeTensor } from '../graph/tensorProto';

/** A tensor for a plugin, with the plugin's data. */
export function pluginValue(
  tag: string,
  pluginName: string,
  tensor: HostArray,
  content: Uint8Array = new Uint8Array(0),
): MessageInit<Summary.Value> {
  const metadata = { pluginData: { pluginName, content }, dataClass: DataClass.TENSOR };
  return { tag, metadata, tensor: encodeTensor(tensor) };
}

/** The tensor of summaries whose content is in their metadata. */
export const nothing = new HostArray('float32', [1], new Float32Array(1));

/**
 * The tags of values written together: the tag itself for a single value; for a batch, the tags that TensorFlow's
 * kernels use: `tag/image/0`, `tag/image/1` …
 */
export function batchTags(tag: string, kind: 'image' | 'audio', batch: boolean, count: number): string[] {
  checkText('the tag of a summary', tag);
  return batch ? Array.from({ length: count }, (_, i) => `${tag}/${kind}/${i}`) : [tag];
}
