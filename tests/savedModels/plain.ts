/** Values as JSON has them, and Python's `tolist()`. */
import { tf } from '../../lib/src';

export function plain(value: unknown): unknown {
  if (value instanceof tf.HostArray) return plain(value.toArray());
  if (value instanceof tf.ragged.RaggedTensorValue) return plain(value.toList());
  if (value instanceof tf.SparseTensorValue) {
    const { indices, values, denseShape } = value;
    return { indices: plain(indices), values: plain(values), denseShape: plain(denseShape) };
  }
  if (Array.isArray(value)) return value.map(plain);
  if (Buffer.isBuffer(value)) return value.toString();
  return typeof value === 'bigint' ? Number(value) : value;
}

/** The same of each value of a record. */
export const plainValues = (values: object) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, plain(value)]));
