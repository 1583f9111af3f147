/** The global step: the variable that counts training steps. */

import { checkInstance } from '../../runtime/arguments';
import { AlreadyExistsError } from '../../runtime/errors';
import { GraphKeys } from '../graph/collections';
import { Graph, getDefaultGraph } from '../graph/graph';
import { zeros } from '../ops/array';
import { Variable } from '../ops/variables';
import { Session } from '../session';

/** A variable that counts training steps. */
export type GlobalStep = Variable<'int64', 'scalar'>;

declare module '../graph/collectionTypes' {
  interface CollectionTypes {
    global_step: GlobalStep;
  }
}

/**
 * Creates the graph's global step, an `int64` variable named `global_step`.
 *
 * @throws {AlreadyExistsError} when the graph has one
 *
 * @example
 * const globalStep = tf.train.createGlobalStep();
 */
export function createGlobalStep(graph: Graph = getDefaultGraph()): GlobalStep {
  if (getGlobalStep(graph))
    throw new AlreadyExistsError('the graph has a global step already; getOrCreateGlobalStep() returns it');
  return graph.asDefault(() =>
    graph.nameScope(null, () => {
      const collections = [GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP];
      return new Variable(() => zeros([], { dtype: 'int64' }), {
        name: 'global_step',
        trainable: false,
        collections,
      });
    }),
  );
}

/**
 * The graph's global step, or null: from its collection, or else a variable named `global_step`, as in older programs.
 *
 * @example
 * tf.train.getGlobalStep(graph)?.name;
 */
export function getGlobalStep(graph: Graph = getDefaultGraph()): GlobalStep | null {
  checkInstance('what has a global step', graph, Graph);
  const [step] = graph.getCollection(GraphKeys.GLOBAL_STEP);
  const variables = graph.getCollection<GlobalStep>(GraphKeys.GLOBAL_VARIABLES);
  return step ?? variables.find(({ name }) => name === 'global_step:0') ?? null;
}

/**
 * The graph's global step, which is created if necessary.
 *
 * @example
 * const trainOp = optimizer.minimize(loss, { globalStep: tf.train.getOrCreateGlobalStep() });
 */
export function getOrCreateGlobalStep(graph: Graph = getDefaultGraph()): GlobalStep {
  return getGlobalStep(graph) ?? createGlobalStep(graph);
}

/**
 * The number of steps taken so far, from a variable of any integer dtype.
 *
 * @example
 * tf.train.globalStep(session, globalStep); // 1000
 */
export function globalStep(session: Session, variable: Variable<'int32' | 'int64', 'scalar'>): number {
  checkInstance('what runs the graph', session, Session);
  return Number(session.runSync(variable));
}
