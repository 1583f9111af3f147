/** Picks the scalars out of event files. */
import type { Summary, TensorProto } from '../protos';
import { readEvents } from './readEvents';

/** One value of a scalar summary. */
export interface ScalarEvent {
  /** Seconds since the epoch. */
  wallTime: number;
  step: number;
  value: number;
}

/**
 * The scalars of a run, by tag, in the order in which they were written: those of TensorFlow 1 (`summary.scalar`) and those
 * of TensorFlow 2, which are tensors.
 *
 * @param fileOrFolder An event file, or a run's folder.
 * @throws {NotFoundError} If there is no such file or folder, or no event file in the folder.
 * @example
 * const scalars = await tf.readScalars('summaries/run1');
 * scalars.get('loss')?.at(-1)?.value;
 */
export async function readScalars(fileOrFolder: string): Promise<Map<string, ScalarEvent[]>> {
  const scalars = new Map<string, ScalarEvent[]>();
  // Only a tag's first value says that its tensors are scalars.
  const scalarTags = new Set<string>();
  for await (const { wallTime, step, summary } of readEvents(fileOrFolder)) {
    for (const one of summary?.value ?? []) {
      if (one.metadata?.pluginData?.pluginName === 'scalars') scalarTags.add(one.tag);
      const value = one.simpleValue ?? (scalarTags.has(one.tag) ? scalarOf(one) : undefined);
      if (value === undefined) continue;
      const events = scalars.get(one.tag);
      if (events) events.push({ wallTime, step, value });
      else scalars.set(one.tag, [{ wallTime, step, value }]);
    }
  }
  return scalars;
}

/** By `DataType`: where the element of a scalar is, in the list of its type or in the tensor's raw contents. */
const elements: Record<number, (tensor: TensorProto, raw: DataView) => number | bigint> = {
  1: ({ floatVal }, raw) => floatVal[0] ?? raw.getFloat32(0, true),
  2: ({ doubleVal }, raw) => doubleVal[0] ?? raw.getFloat64(0, true),
  3: ({ intVal }, raw) => intVal[0] ?? raw.getInt32(0, true),
  9: ({ int64Val }, raw) => int64Val[0] ?? raw.getBigInt64(0, true),
};

function scalarOf({ tensor }: Summary.Value): number | undefined {
  const element = tensor && elements[tensor.dtype];
  if (!element) return undefined;
  // A tensor without any element is all zeros.
  const raw = new DataView(new ArrayBuffer(8));
  new Uint8Array(raw.buffer).set(tensor.tensorContent.subarray(0, 8));
  return Number(element(tensor, raw));
}
