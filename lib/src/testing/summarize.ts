/** For tests: what a summary op of TensorFlow makes. */

import { Summary } from '../protos';
import { Graph } from '../tf/graph/graph';
import { Session } from '../tf/session';
import type { SummaryTensor } from '../tf/summary/builders';

/** The values of the summary that `build` adds to a new graph. */
export function summarize(build: (graph: Graph) => SummaryTensor): Summary.Value[] {
  const graph = new Graph();
  const session = new Session({ graph });
  const bytes = session.runSync(graph.asDefault(() => build(graph)));
  session.close();
  return Summary.decode(bytes).value;
}
