/** Summaries that are tensors for one of TensorBoard's plugins. */
import type { MessageInit, Summary } from '../../protos';
import { DataClass } from '../../protos';
import { HostArray } from '../../runtime/hostArray';
import { encodeTensor } from './tensorProto';

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
