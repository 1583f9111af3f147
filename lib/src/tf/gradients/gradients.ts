/**
 * Backpropagation: adds operations to a graph that compute the derivatives of some of its tensors with respect to
 * others. The traversal and the names of the new operations are TensorFlow 1's, so TensorBoard groups them in the same
 * way.
 *
 * @see `_GradientsHelper` in TensorFlow's python/ops/gradients_util.py
 */

import { checkArray, checkInstance, shown } from '../../runtime/arguments';
import { isComplex, isTrainable } from '../../runtime/dtypes';
import { InvalidArgumentError, type TensorFlowError } from '../../runtime/errors';
import { onlyOptions, placed } from '../../runtime/options';
import { byDevice } from '../graph/devices';
import type { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import { areCompatible, Tensor } from '../graph/tensor';
import { applyOne, asTensor, type Operand } from '../ops/apply';
import { identity } from '../ops/array';
import { tuple } from '../ops/control';
import { areSlices, IndexedSlices, joined } from '../ops/indexedSlices';
import type { GradientFunction } from './gradientFunction';
import { gradientOf, isNotDifferentiable, notThrough } from './registry';

/** Options of computing gradients. */
export interface GradientsOptions {
  /** The initial gradients, one for each of `ys`, or a tensor for a single one; ones if null or left out. */
  gradYs?: readonly (Operand | null)[] | Tensor;
  /** Tensors to treat as constants: nothing is propagated through them. */
  stopGradients?: readonly Tensor[];
  /**
   * The gradient of a tensor on which no `ys` depends: null for `'none'`, or zeros.
   *
   * @defaultValue `'none'`
   */
  unconnectedGradients?: 'none' | 'zero';
  /**
   * Whether all gradients of an operation must be computed before any is used. Optimizers request this.
   *
   * @defaultValue `false`
   */
  gateGradients?: boolean;
  /** Whether to place each gradient on the device of its operation. */
  colocateGradientsWithOps?: boolean;
  /**
   * The scope of the operations added.
   *
   * @defaultValue `gradients`
   */
  name?: string;
}

/**
 * The derivatives of the sum of `ys` with respect to each of `xs`.
 *
 * The gradient of a table from which only rows were looked up (`gather`, `embeddingLookup`) is an `IndexedSlices`: a
 * tensor of which only these rows exist, and which is converted to a dense one where an operation needs it whole.
 *
 * @param ys one or more tensors of floating-point dtypes
 * @param xs one or more tensors, including variables
 * @returns for each of `xs` a tensor of its shape and dtype; null if no `ys` depends on it, unless
 * `unconnectedGradients` is `'zero'`
 * @throws {InvalidArgumentError} when an operation between them has no gradient, naming it and the path to it
 *
 * @example
 * const [dw, db] = tf.gradients(loss, [weights, biases]);
 */
export function gradients<const X extends readonly Tensor[]>(
  ys: Tensor | readonly Tensor[],
  xs: X,
  options: GradientsOptions & { unconnectedGradients: 'zero' },
): { -readonly [K in keyof X]: GradientOf<X[K]> };
export function gradients<const X extends readonly Tensor[]>(
  ys: Tensor | readonly Tensor[],
  xs: X,
  ...given:
    | [gradYs: NonNullable<GradientsOptions['gradYs']>, options?: Omit<GradientsOptions, 'gradYs'>]
    | [options?: GradientsOptions]
): { -readonly [K in keyof X]: GradientOf<X[K]> | null };
/**
 * The derivative of the sum of `ys` with respect to one tensor.
 *
 * @throws {InvalidArgumentError} when an operation between them has no gradient, naming it and the path to it
 *
 * @example
 * const [dw] = tf.gradients(loss, weights);
 */
export function gradients<X extends Tensor>(
  ys: Tensor | readonly Tensor[],
  xs: X,
  ...given:
    | [gradYs: NonNullable<GradientsOptions['gradYs']>, options?: Omit<GradientsOptions, 'gradYs'>]
    | [options?: GradientsOptions]
): [GradientOf<X> | null];
export function gradients(
  ys: Tensor | readonly Tensor[],
  by: Tensor | readonly Tensor[],
  ...given: readonly unknown[]
): (Tensor | null)[] {
  const options = placed<GradientsOptions>(given, ['gradYs']);
  const xs = by instanceof Tensor ? [by] : by;
  onlyOptions(options, {
    gradYs: 'any',
    stopGradients: 'array',
    unconnectedGradients: ['none', 'zero'],
    gateGradients: 'boolean',
    colocateGradientsWithOps: 'boolean',
    name: 'string',
  });
  checkArray('the tensors by which gradients are taken', xs);
  for (const tensor of [ys, ...xs, ...(options.stopGradients ?? [])].flat())
    checkInstance('what gradients are taken of, and by,', tensor, Tensor);
  const targets = ([ys].flat() as Tensor[]).map((y) => y.value());
  const { graph } = targets[0] ?? xs[0] ?? {};
  if (graph === undefined || targets.length === 0)
    throw new InvalidArgumentError('gradients needs a tensor to differentiate');
  for (const tensor of [...targets, ...xs, ...(options.stopGradients ?? [])]) graph.checkOwns(tensor);
  for (const y of targets) {
    if (!isTrainable(y.dtype))
      throw new InvalidArgumentError(
        `'${y.name}' has no gradients: it is of ${y.dtype}, not of a floating-point dtype`,
      );
  }
  return graph.asDefault(() =>
    graph.nameScope(options.name ?? 'gradients', () => new Backpropagation(graph, targets, xs, options).run()),
  );
}

type GradientOf<X> = X extends Tensor<infer D, infer R> ? Tensor<D, R> : never;

/** One traversal from `ys` back to `xs`. */
class Backpropagation {
  readonly #graph: Graph;
  readonly #ys: readonly Tensor[];
  readonly #xs: readonly Tensor[];
  readonly #options: GradientsOptions;
  /** The gradients received so far, for each output of each operation. */
  readonly #arrived = new Map<Operation, Tensor[][]>();
  /** Whether propagation stops at an operation. */
  readonly #isEnd: (op: Operation) => boolean;
  /** The operations on a path from `xs` to `ys`, with the number of gradients yet to arrive. */
  readonly #pending: Map<Operation, number>;
  /** The final gradient of each output of the processed operations. */
  readonly #final = new Map<Operation, (Tensor | undefined)[]>();

  constructor(graph: Graph, ys: readonly Tensor[], xs: readonly Tensor[], options: GradientsOptions) {
    this.#graph = graph;
    this.#ys = ys;
    this.#xs = xs;
    this.#options = options;
    const stops = new Set((options.stopGradients ?? []).map(({ op }) => op));
    this.#isEnd = (op) => stops.has(op) || isNotDifferentiable(op);
    this.#pending = pendingCounts(ys, xs, this.#isEnd);
  }

  run(): (Tensor | null)[] {
    this.#begin();
    const stops = this.#stops();
    const queue = [...new Set(this.#ys.map(({ op }) => op))].filter((op) => this.#pending.get(op) === 0);
    for (let op = queue.shift(); op !== undefined; op = queue.shift()) {
      const outputs = this.#placed(op, () => this.#aggregate(op));
      this.#final.set(op, outputs);
      if (!stops.has(op) && outputs.some(Boolean)) this.#propagate(op, outputs);
      if (this.#isEnd(op)) continue;
      for (const { op: producer } of op.inputs) {
        const count = this.#pending.get(producer);
        if (count === undefined) continue;
        this.#pending.set(producer, count - 1);
        if (count === 1) queue.push(producer);
      }
    }
    // Operations that are still waiting for a gradient are waiting for their own: they are in a loop.
    for (const op of this.#arrived.keys()) if ((this.#pending.get(op) ?? 0) > 0) throw notThrough('a while loop', op);
    return this.#xs.map((x) => this.#final.get(x.op)?.[x.index] ?? this.#unconnected(x));
  }

  #begin(): void {
    const { gradYs } = this.#options;
    const initial = gradYs instanceof Tensor ? [gradYs] : gradYs;
    for (const [i, y] of this.#ys.entries()) {
      const given = initial?.[i] ?? undefined;
      if (given === undefined && isComplex(y.dtype))
        throw new InvalidArgumentError(`'${y.name}' is of ${y.dtype}: a gradient to begin with is given by gradYs`);
      const grad = this.#placed(y.op, () =>
        given === undefined ? onesLike(y, `grad_ys_${i}`) : begun(given, y, `grad_ys_${i}`),
      );
      if (grad.dtype !== y.dtype || !areCompatible(grad.shape, y.shape))
        throw new InvalidArgumentError(`gradYs[${i}] is ${grad}, which can't be a gradient of ${y}`);
      this.#arrive(y, grad);
    }
  }

  /**
   * The operations at which propagation stops: those of `stopGradients`, and those of `xs` that depend on no other of
   * `xs`.
   */
  #stops(): Set<Operation> {
    const stops = new Set((this.#options.stopGradients ?? []).map(({ op }) => op));
    for (const { op } of this.#xs) {
      if (!op.inputs.some(({ op: producer }) => (this.#pending.get(producer) ?? 0) > 0)) stops.add(op);
    }
    return stops;
  }

  #propagate(op: Operation, outputs: readonly (Tensor | undefined)[]): void {
    const gradient = this.#gradientOf(op);
    if (gradient === null) return;
    const grads = outputs.map((grad, i) => {
      const output = op.outputs[i]!;
      // Zeros for an integer output can't matter; gradient functions know that they are missing.
      if (grad || !isTrainable(output.dtype)) return grad!;
      return this.#placed(op, () => applyOne('ZerosLike', [output], {}, 'zeros_like'));
    });
    const inputs = this.#placed(op, () =>
      this.#graph.nameScope(`${op.name}_grad`, () => this.#call(op, gradient, grads)),
    );
    for (const [i, grad] of inputs.entries()) {
      const input = op.inputs[i]!;
      if (grad === null || !this.#pending.has(input.op)) continue;
      if (input.dtype !== 'resource') grad.setShape(input.shape);
      this.#arrive(input, grad);
    }
  }

  #call(op: Operation, gradient: GradientFunction, grads: readonly Tensor[]): readonly (Tensor | null)[] {
    const inputs = gradient(op, ...grads);
    checkGradients(op, inputs);
    return this.#options.gateGradients ? this.#gate(op, inputs) : inputs;
  }

  /**
   * Python waits for the gradients of all inputs, and so computes some that nobody needs, such as that of a batch of
   * images. Here, only those on the way to `xs` are waited for; the others are in the graph, under the same names, and
   * never run.
   */
  #gate(op: Operation, inputs: readonly (Tensor | null)[]): readonly (Tensor | null)[] {
    const needed = inputs.filter((grad, i) => grad !== null && this.#pending.has(op.inputs[i]!.op)) as Tensor[];
    const several = inputs.filter((grad) => grad !== null).length > 1;
    if (!several) return inputs;
    // Each stays where it is computed, regardless of device scopes.
    const gated = () => tuple(inputs, { waitFor: needed });
    return this.#graph.colocateWith(null, gated, { ignoreExisting: true });
  }

  #gradientOf(op: Operation): GradientFunction | null {
    try {
      return gradientOf(op);
    } catch (error) {
      const path = pathTo(op, this.#ys).map(({ name }) => name);
      (error as TensorFlowError).message += `; it is on the path ${path.join(' ← ')}`;
      throw error;
    }
  }

  #placed<T>(op: Operation, build: () => T): T {
    return this.#options.colocateGradientsWithOps ? this.#graph.colocateWith(op, build) : build();
  }

  #arrive(tensor: Tensor, grad: Tensor): void {
    let slots = this.#arrived.get(tensor.op);
    if (slots === undefined) {
      slots = tensor.op.outputs.map(() => []);
      this.#arrived.set(tensor.op, slots);
    }
    slots[tensor.index]?.push(grad);
  }

  /** The gradients of an operation's outputs, each the sum of those that arrived over several paths. */
  #aggregate(op: Operation): (Tensor | undefined)[] {
    const slots = this.#arrived.get(op) ?? [];
    return slots.map((grads) => {
      if (grads.length < 2) return grads[0];
      return areSlices(grads) ? joined(grads) : this.#sum(grads);
    });
  }

  /** Gradients are summed per device first, so that each device sends one tensor. */
  #sum(grads: readonly Tensor[]): Tensor {
    const sums = byDevice(grads, ({ device }) => device).map(([, some]) => {
      const [first] = some as [Tensor];
      if (some.length === 1) return first;
      return this.#graph.colocateWith(first, () => applyOne('AddN', [some]), { ignoreExisting: true });
    });
    return sums.length === 1 ? sums[0]! : applyOne('AddN', [sums]);
  }

  #unconnected(x: Tensor): Tensor | null {
    return this.#options.unconnectedGradients === 'zero' ? applyOne('ZerosLike', [x], {}, 'zeros_like') : null;
  }
}

/** @throws {InvalidArgumentError} when a gradient function didn't return a tensor or null for each input */
function checkGradients(op: Operation, given: readonly (Tensor | null)[]): void {
  const whose = `the gradient of ${op.type} gives an array with a tensor or null for each input of '${op.name}'`;
  if (!Array.isArray(given)) throw new InvalidArgumentError(`${whose}, not ${shown(given)}`);
  if (given.length !== op.inputs.length)
    throw new InvalidArgumentError(
      `the gradient of ${op.type} gave ${given.length} gradient(s) for the ${op.inputs.length} input(s) of '${op.name}'`,
    );
  for (const [i, grad] of (given as unknown[]).entries()) {
    if (grad === null) continue;
    if (!(grad instanceof Tensor)) throw new InvalidArgumentError(`${whose}, not ${shown(grad)} for input ${i}`);
    op.graph.checkOwns(grad);
    const input = op.inputs[i]!;
    if (input.dtype !== 'resource' && !areCompatible(grad.shape, input.shape))
      throw new InvalidArgumentError(
        `the gradient of ${op.type} gives ${grad} for input ${i} of '${op.name}', ${input}`,
      );
  }
}

/** An initial gradient that the caller has given. */
function begun(given: Operand, y: Tensor, name: string): Tensor {
  if (!(given instanceof IndexedSlices)) return asTensor(given, y.dtype, name, y.graph);
  const indices = identity(given.indices, { name: `${name}_indices` });
  const values = identity(given.values, { name: `${name}_values` });
  return new IndexedSlices(values, indices, given.denseShape && identity(given.denseShape, { name: `${name}_shape` }));
}

/** Ones with the shape and dtype of `y`, under names like those in `gradients/`. */
function onesLike(y: Tensor, name: string): Tensor {
  const { shape } = y;
  const known = shape?.every((size) => size !== null);
  const sizes = known
    ? asTensor(Int32Array.from(shape as number[]), 'int32', 'Shape', y.graph)
    : applyOne('Shape', [y]);
  return y.graph.nameScope(name, (scope) =>
    applyOne('Fill', [sizes, asTensor(1, y.dtype, 'Const', y.graph)], {}, scope),
  );
}

/**
 * The operations on a path from `xs` to `ys`, each with the number of uses of its outputs on such paths. Operations
 * behind one that propagates no gradient are not on a path, even in a loop.
 */
function pendingCounts(
  ys: readonly Tensor[],
  xs: readonly Tensor[],
  isEnd: (op: Operation) => boolean,
): Map<Operation, number> {
  const reached = reach(xs.map(({ op }) => op));
  const between = new Map<Operation, number>();
  const stack = ys.map(({ op }) => op);
  for (let op = stack.pop(); op !== undefined; op = stack.pop()) {
    if (!reached.has(op) || between.has(op)) continue;
    between.set(op, 0);
    if (!isEnd(op)) stack.push(...op.inputs.map((input) => input.op));
  }
  for (const op of between.keys()) {
    if (isEnd(op)) continue;
    for (const input of op.inputs) {
      const count = between.get(input.op);
      if (count !== undefined) between.set(input.op, count + 1);
    }
  }
  return between;
}

/** The operations that `from` reaches through tensors that can have a gradient. */
function reach(from: readonly Operation[]): Set<Operation> {
  const reached = new Set<Operation>();
  const stack = [...from];
  for (let op = stack.pop(); op !== undefined; op = stack.pop()) {
    if (reached.has(op)) continue;
    reached.add(op);
    for (const output of op.outputs)
      if (isTrainable(output.dtype) || output.dtype === 'resource') stack.push(...output.consumers());
  }
  return reached;
}

/** The shortest chain of operations from one of `ys` back to `op`. */
function pathTo(op: Operation, ys: readonly Tensor[]): Operation[] {
  const consumer = new Map<Operation, Operation | undefined>(ys.map((y) => [y.op, undefined]));
  const queue = [...consumer.keys()];
  for (const current of queue) {
    for (const input of current.inputs) {
      if (consumer.has(input.op)) continue;
      consumer.set(input.op, current);
      queue.push(input.op);
    }
  }
  const path: Operation[] = [];
  for (let step: Operation | undefined = op; step !== undefined; step = consumer.get(step)) path.unshift(step);
  return path;
}
