/** Reading the global step, for hooks. */
import { FailedPreconditionError } from '../../../runtime/errors';
import { type Graph, getDefaultGraph } from '../../graph/graph';
import type { Tensor } from '../../graph/tensor';
import { applyOne } from '../../ops/apply';
import { initializedValue } from '../../ops/initialization';
import type { Variable } from '../../ops/variables';
import type { Session } from '../../session';
import { getGlobalStep } from '../globalStep';

/** The global step as a tensor. */
export type StepRead = Tensor<'int64', 'scalar'>;

const KEY = 'global_step_read_op_cache';

/**
 * A copy of the graph's global step, created once for all readers. Until the variable has a value, it is the initial
 * one. Nodes and collection are the same as in Python. It may be the step before a run or after it, unless the run
 * waits for it.
 *
 * @returns null when the graph has no global step
 *
 * @see `_get_or_create_global_step_read` in TensorFlow's python/training/training_util.py
 */
export function getOrCreateGlobalStepRead(graph: Graph = getDefaultGraph()): StepRead | null {
  const [known] = graph.getCollection<StepRead>(KEY);
  if (known) return known;
  const step = getGlobalStep(graph);
  if (step === null) return null;
  const read = graph.asDefault(() =>
    graph.nameScope(`${step.op.name}/`, () => {
      return applyOne<'int64', 'scalar'>('AddV2', [initializedValue(step as Variable), 0], {}, 'add');
    }),
  );
  graph.addToCollection(KEY, read);
  return read;
}

/** Like {@link getOrCreateGlobalStepRead}, for a hook that needs a global step. */
export function globalStepReadFor(hook: object): StepRead {
  const read = getOrCreateGlobalStepRead();
  if (read) return read;
  throw new FailedPreconditionError(
    `a ${hook.constructor.name} needs the graph's global step: tf.train.getOrCreateGlobalStep() makes it, and the optimizer's minimize(loss, { globalStep }) counts it`,
  );
}

/** The current global step, from a separate run. */
export async function stepNow(session: Session, read: StepRead): Promise<number> {
  return Number(await session.run(read));
}
