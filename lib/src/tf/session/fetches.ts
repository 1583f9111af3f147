/**
 * Fetches: tensors and operations in any structure of arrays and objects. A run returns their values in the same
 * structure.
 */

import type { DType, HostDType, ScalarOf } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import type { HostArray } from '../../runtime/hostArray';
import type { Graph } from '../graph/graph';
import { Operation } from '../graph/operation';
import { type Rank, sameTensor, Tensor } from '../graph/tensor';
import { IndexedSlices } from '../ops/indexedSlices';
import { graphElement } from '../ops/variableOps';
import { IndexedSlicesValue } from './indexedSlicesValue';

/** A tensor (for its value), an operation (to run it), or the name of one: `'loss:0'`, `'train'`. */
export type FetchItem = Tensor | Operation | string;

/**
 * Items in any structure of arrays and objects. The type describes only the top level, because the type checker can't
 * combine a recursive type with {@link Fetched}. Inner items are validated at run time.
 */
export type Fetches = FetchItem | readonly unknown[] | { readonly [key: string]: unknown };

/** The type of a tensor's value: for a scalar, a number (bigint, boolean, Buffer); otherwise, an array. */
export type ValueOf<D extends DType, R extends Rank> = R extends 'scalar' ? ScalarOf<D> : HostArray<D & HostDType>;

/** The type of the result of fetching `F`. */
export type Fetched<F> =
  F extends IndexedSlices<infer D>
    ? IndexedSlicesValue<D & HostDType>
    : F extends Tensor<infer D, infer R>
      ? ValueOf<D, R>
      : F extends Operation
        ? null
        : F extends string
          ? ValueOf<HostDType, Rank> | null
          : F extends readonly unknown[]
            ? { -readonly [K in keyof F]: Fetched<F[K]> }
            : F extends object
              ? { -readonly [K in keyof F]: Fetched<F[K]> }
              : never;

/** Fetches, prepared for the C API. */
export interface FetchPlan {
  /** The tensors, without duplicates. */
  readonly tensors: readonly Tensor[];
  /** The operations, without duplicates. */
  readonly targets: readonly Operation[];
  /** Puts the values of `tensors`, given in their order, into the structure of the fetches. */
  assemble(values: readonly unknown[]): unknown;
}

/**
 * Prepares fetches for a run.
 *
 * @throws {InvalidArgumentError} when an item is neither a tensor nor an operation, or belongs to another graph
 * @throws {NotFoundError} when the graph has nothing of a name
 */
export function planFetches(graph: Graph, fetches: unknown): FetchPlan {
  const tensors: Tensor[] = [];
  const targets: Operation[] = [];

  const plan = (item: unknown, path: string): ((values: readonly unknown[]) => unknown) => {
    const element = typeof item === 'string' ? graph.asGraphElement(item) : item;
    if (element instanceof IndexedSlices) {
      const parts = [element.values, element.indices, element.denseShape].map((part) => part && plan(part, path));
      return (values) => {
        const [rows, indices, denseShape] = parts.map((build) => build?.(values) ?? null) as [HostArray, ...Places];
        return new IndexedSlicesValue(rows, indices, denseShape);
      };
    }
    if (element instanceof Tensor) {
      graph.checkOwns(element);
      const fetched = graphElement(element);
      const known = tensors.findIndex((tensor) => sameTensor(tensor, fetched));
      const index = known >= 0 ? known : tensors.push(fetched) - 1;
      return (values) => values[index];
    }
    if (element instanceof Operation) {
      graph.checkOwns(element);
      if (!targets.includes(element)) targets.push(element);
      return () => null;
    }
    if (Array.isArray(element)) {
      const items = element.map((inner, i) => plan(inner, `${path}[${i}]`));
      return (values) => items.map((build) => build(values));
    }
    if (isPlainObject(element)) {
      const items = Object.entries(element).map(([key, inner]) => [key, plan(inner, `${path}.${key}`)] as const);
      return (values) => Object.fromEntries(items.map(([key, build]) => [key, build(values)]));
    }
    throw new InvalidArgumentError(
      `${path} is neither a tensor nor an operation nor the name of one: ${describe(element)}`,
    );
  };
  const assemble = plan(fetches, 'fetches');
  return { tensors, targets, assemble };
}

/** The indices of the rows, and the shape of the whole array if it is known. */
type Places = [HostArray<'int32' | 'int64'>, HostArray<'int32' | 'int64'> | null];

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  if (value instanceof Promise) return 'a promise (is an await missing?)';
  return typeof value === 'object' && value !== null ? `a ${value.constructor?.name ?? 'object'}` : String(value);
}
