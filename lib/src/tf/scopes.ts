/** The scopes of the default graph as functions; see the methods of `Graph`. */
import type { CollectionTypes } from './graph/collectionTypes';
import type { DeviceFunction, DeviceSpec } from './graph/devices';
import { type ColocationOptions, getDefaultGraph } from './graph/graph';
import type { Operation } from './graph/operation';
import type { Tensor } from './graph/tensor';

/**
 * Prefixes the names of the operations that `build` adds with `name`; see `Graph.nameScope`.
 *
 * @example
 * const hidden1 = tf.nameScope('hidden1', () => tf.nn.relu(tf.matmul(images, weights)));
 */
export function nameScope<T>(name: string | null, build: (scope: string) => T): T {
  return getDefaultGraph().nameScope(name, build);
}

/**
 * Requests a device for the operations that `build` adds; see `Graph.device`.
 *
 * @example
 * const logits = tf.device('/cpu:0', () => tf.matmul(images, weights));
 *
 * // The variables to a parameter server, all else to the worker.
 * const setter = ({ type }: tf.OperationDescription) => (type === 'VariableV2' ? '/job:ps' : '/job:worker');
 * const loss = tf.device(setter, () => tf.reduceMean(tf.square(new tf.Variable([1, 2]))));
 */
export function device<T>(device: string | DeviceSpec | DeviceFunction | null, build: () => T): T {
  return getDefaultGraph().device(device, build);
}

/**
 * Makes the operations that `build` adds wait for others; see `Graph.controlDependencies`.
 *
 * @example
 * const trained = tf.controlDependencies([trainOp], () => tf.identity(loss));
 */
export function controlDependencies<T>(inputs: readonly (Operation | Tensor)[] | null, build: () => T): T {
  return getDefaultGraph().controlDependencies(inputs, build);
}

/**
 * Places the operations that `build` adds on the device of another one; see `Graph.colocateWith`.
 *
 * @example
 * const copy = tf.colocateWith(weights, () => tf.identity(weights));
 */
export function colocateWith<T>(
  operation: Operation | Tensor | null,
  build: () => T,
  options: ColocationOptions = {},
): T {
  return getDefaultGraph().colocateWith(operation, build, options);
}

/**
 * Adds a value to a collection of the default graph.
 *
 * @example
 * tf.addToCollection('train_op', trainOp);
 */
export function addToCollection(name: string, value: unknown): void {
  getDefaultGraph().addToCollection(name, value);
}

/**
 * The values of a collection of the default graph; {@link CollectionTypes} determines their type.
 *
 * @example
 * const losses = tf.getCollection(tf.GraphKeys.LOSSES); // tensors
 */
export function getCollection<K extends keyof CollectionTypes>(name: K, scope?: string): CollectionTypes[K][];
/**
 * The values of a collection with any other name.
 *
 * @typeParam T the type of the values, by convention
 *
 * @example
 * const mine = tf.getCollection<tf.Tensor>('mine');
 */
export function getCollection<T = unknown>(name: string, scope?: string): T[];
export function getCollection(name: string, scope?: string): unknown[] {
  return getDefaultGraph().getCollection(name, scope);
}

/**
 * Adds the operations of a GraphDef to the default graph; see `Graph.importGraphDef`.
 *
 * @example
 * const bytes = graph.toGraphDef();
 * const [again] = new tf.Graph().asDefault(() => tf.importGraphDef(bytes, { returnElements: [loss.name] }));
 */
export function importGraphDef(
  ...parameters: Parameters<ReturnType<typeof getDefaultGraph>['importGraphDef']>
): (Operation | Tensor)[] {
  return getDefaultGraph().importGraphDef(...parameters);
}
