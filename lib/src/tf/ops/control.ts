/** Operations for control dependencies. */

import { checkArray, checkInstance, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions } from '../../runtime/options';
import { byDevice } from '../graph/devices';
import { getDefaultGraph } from '../graph/graph';
import { Operation } from '../graph/operation';
import { Tensor } from '../graph/tensor';
import { applyOne, graphOf, type OpOptions } from './apply';
import { changeValues, IndexedSlices } from './indexedSlices';

/**
 * An operation that does nothing, as a target or source of control dependencies.
 *
 * @example
 * const done = tf.controlDependencies([trainOp], () => tf.noOp({ name: 'done' }));
 */
export function noOp(options: OpOptions = {}): Operation {
  const { name = 'NoOp' } = onlyOptions(options, { name: 'string' });
  return getDefaultGraph().createOperation('NoOp', [], {}, { name });
}

/**
 * An operation that completes when all of `inputs` have.
 *
 * @example
 * const init = tf.group([weights.initializer, biases.initializer], { name: 'init' });
 */
export function group(inputs: readonly (Operation | Tensor)[], options: OpOptions = {}): Operation {
  const { name = 'group_deps' } = onlyOptions(options, { name: 'string' });
  checkArray('what group puts together', inputs);
  const graph = inputs[0]?.graph ?? getDefaultGraph();
  for (const input of inputs) {
    if (!(input instanceof Operation || input instanceof Tensor))
      throw new InvalidArgumentError(`group takes operations and tensors, not ${shown(input)}`);
  }
  const all = inputs.flatMap((input) => (input instanceof IndexedSlices ? partsOf(input) : [input]));
  const groups = byDevice(all, ({ device }) => device);
  const join = (device: string, name: string, controlInputs: readonly (Operation | Tensor)[]) =>
    graph.device(device, () => graph.createOperation('NoOp', [], {}, { name, controlInputs }));
  const [only, ...others] = groups;
  if (!only) return join('', name, []);
  if (others.length === 0) return join(only[0], name, only[1]);
  // One operation per device waits for the others there, so that not every operation sends a signal to every machine.
  return graph.nameScope(name, (scope) => {
    const joined = groups.map(([device, some]) => join(device, 'NoOp', some));
    return join('', scope, joined);
  });
}

function partsOf({ values, indices, denseShape }: IndexedSlices): Tensor[] {
  return denseShape ? [values, indices, denseShape] : [values, indices];
}

/**
 * `tensor`, available once `dependencies` have run.
 *
 * @example
 * const trained = tf.withDependencies([trainOp], loss);
 */
export function withDependencies<T extends Tensor>(
  dependencies: readonly (Operation | Tensor)[],
  tensor: T,
  options: OpOptions = {},
): T {
  const { name = 'control_dependency' } = onlyOptions(options, { name: 'string' });
  checkInstance('what waits', tensor, Tensor);
  const { graph } = tensor;
  const waiting = (value: Tensor): Tensor =>
    graph.controlDependencies(dependencies, () =>
      graph.colocateWith(value, () => applyOne('Identity', [value], {}, name)),
    );
  return changeValues(tensor, waiting) as T;
}

/** Options of {@link tuple}. */
export interface TupleOptions extends OpOptions {
  /**
   * The tensors that each tensor waits for.
   *
   * @defaultValue all of the tensors
   */
  waitFor?: readonly Tensor[];
}

/**
 * The same tensors, each of which waits for all of them; null entries stay null. Names are Python's:
 * `tuple/group_deps`, `tuple/control_dependency`, `tuple/control_dependency_1` …
 *
 * @example
 * const [dw, db] = tf.tuple(tf.gradients(loss, [weights, biases])); // neither is used before both are there
 */
export function tuple<const T extends readonly (Tensor | null)[]>(tensors: T, options: TupleOptions = {}): T {
  onlyOptions(options, { waitFor: 'array', name: 'string' });
  checkArray('what tuple puts together', tensors);
  const present = tensors.filter((tensor) => tensor !== null);
  for (const tensor of present) checkInstance('what tuple puts together', tensor, Tensor);
  return graphOf(present).nameScope(options.name ?? 'tuple', () => {
    const all = group((options.waitFor ?? present).map(({ op }) => op));
    return tensors.map((tensor) => tensor && withDependencies([all], tensor));
  }) as readonly (Tensor | null)[] as T;
}
