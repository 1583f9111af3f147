/** For tests: the pixels of a PNG file, by TensorFlow's decoder. */

import type { HostArray } from '../runtime/hostArray';
import { Graph } from '../tf/graph/graph';
import { applyOne } from '../tf/ops/apply';
import { Session } from '../tf/session';

/** The bytes of the pixels, row by row. */
export function decodePng(png: Uint8Array, channels: number): Uint8Array {
  const graph = new Graph();
  const session = new Session({ graph });
  const pixels = graph.asDefault(() => applyOne<'uint8', 'array'>('DecodePng', [png], { channels }));
  const { data } = session.runSync(pixels) as HostArray<'uint8'>;
  session.close();
  return data;
}
