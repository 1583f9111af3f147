/**
 * The operations of a saver: which variables they save and restore, under which names.
 *
 * @see `BaseSaverBuilder` in TensorFlow's python/training/saver.py
 */
import * as fs from 'node:fs';
import { inspect } from 'node:util';
import type { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import { isFullyDefined, type Shape, Tensor } from '../graph/tensor';
import { apply, applyOne } from '../ops/apply';
import { placeholderWithDefault } from '../ops/constants';
import { group, withDependencies } from '../ops/control';
import { assign } from '../ops/variables';
import type { SaverDef } from '../protos';
import { dtypeNumber, dtypeOf } from '../runtime/dtypes';
import { InvalidArgumentError, NotFoundError } from '../runtime/errors';
import type { HostArray } from '../runtime/hostArray';
import { checkCheckpointExists } from './checkpointFiles';
import { readCheckpointIndex } from './checkpointIndex';

/** The variables to save: some, each under its own name, or by the names that they shall have in the checkpoint. */
export type VariableList = readonly Tensor[] | ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>;

/** A variable and its name in checkpoints. */
export interface NamedVariable {
  /** What the tensor is called in checkpoints. */
  readonly key: string;
  /** The reference to the variable's buffer. */
  readonly variable: Tensor;
}

/** The variables in the order of their names. */
export function namedVariables(list: VariableList): NamedVariable[] {
  if (list instanceof Tensor) throw new InvalidArgumentError(`Variables to save are an array or a map, not ${list}`);
  const pairs: [string, Tensor][] = Array.isArray(list)
    ? (list as readonly Tensor[]).map((variable) => [variable?.op?.name, variable])
    : [...(list instanceof Map ? list : Object.entries(list))];
  if (pairs.length === 0) throw new InvalidArgumentError('No variables to save');
  const named = new Map<string, Tensor>();
  for (const [key, variable] of pairs) {
    if (!(variable instanceof Tensor && variable.isRef))
      throw new InvalidArgumentError(
        `Variable to save is not a Variable: ${key ? `'${key}' is ` : ''}${inspect(variable)}`,
      );
    pairs[0]?.[1].graph.checkOwns(variable);
    if (key === '') throw new InvalidArgumentError(`${variable} needs a name in the checkpoint, not ''`);
    if (named.has(key)) throw new InvalidArgumentError(`At least two variables have the same name: ${key}`);
    for (const [other, { op }] of named) {
      if (op === variable.op)
        throw new InvalidArgumentError(`The same variable would be saved under two names: '${other}' and '${key}'`);
    }
    named.set(key, variable);
  }
  // The operation's output rather than the variable, for which a builder takes the value that was read.
  return [...named]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { op, index }]) => ({ key, variable: op.outputs[index] as Tensor }));
}

interface BuildOptions {
  name?: string;
  reshape?: boolean;
}

/** Adds the operations to a graph, and tells their names. */
export function buildSaver(
  graph: Graph,
  named: readonly NamedVariable[],
  { name = 'save', reshape = false }: BuildOptions,
) {
  const keys = named.map(({ key }) => key);
  const whole = named.map(() => ''); // no slices
  const variables = named.map(({ variable }) => variable);
  return graph.nameScope(name, () => {
    const filename = placeholderWithDefault('model', [], { name: 'filename' });
    const prefix = placeholderWithDefault(filename, [], { name: 'Const' });
    const saved = withDependencies([apply('SaveV2', [prefix, keys, whole, variables])], prefix);
    const dtypes = variables.map(({ dtype }) => dtype);
    const { outputs } = graph.device('/cpu:0', () => apply('RestoreV2', [prefix, keys, whole], { dtypes }));
    const assignments = variables.map((variable, i) => {
      const value = outputs[i] as Tensor;
      const { shape } = variable;
      if (!reshape || !isFullyDefined(shape)) return assign(variable, value, { validateShape: isFullyDefined(shape) });
      return assign(variable, applyOne('Reshape', [value, [...shape]]), { validateShape: false });
    });
    const restored = group(assignments, { name: 'restore_all' });
    return { filenameTensorName: prefix.name, saveTensorName: saved.name, restoreOpName: restored.name };
  });
}

/** The names of a saver's operations, which were written as if `scope` were not there. */
export function inScope(saverDef: SaverDef, scope = ''): SaverDef {
  if (!scope) return saverDef;
  const { filenameTensorName, saveTensorName, restoreOpName } = saverDef;
  const within = (name: string) => `${scope.replace(/\/$/, '')}/${name}`;
  return {
    ...saverDef,
    filenameTensorName: within(filenameTensorName),
    saveTensorName: within(saveTensorName),
    restoreOpName: within(restoreOpName),
  };
}

/**
 * Finds what in a checkpoint doesn't fit, before any variable is touched: the runtime would stop with some of them restored.
 *
 * @throws {NotFoundError} when there is no such checkpoint, or it lacks a variable
 * @throws {InvalidArgumentError} when a variable has another shape or dtype there
 */
export function checkRestorable(restoreOp: Operation, prefix: string): void {
  checkCheckpointExists(prefix);
  if (!fs.existsSync(`${prefix}.index`)) return; // a checkpoint of TensorFlow's first format
  const entries = readCheckpointIndex(prefix);
  const problems: string[] = [];
  const wanted = restoredBy(restoreOp);
  for (const { key, variable, shape } of wanted) {
    const entry = entries.get(key);
    const place = `variable '${variable.op.name}'${key === variable.op.name ? '' : `, in the checkpoint '${key}'`}`;
    if (entry === undefined) {
      problems.push(`Key ${key} not found in checkpoint (${place})`);
      continue;
    }
    const saved = (entry.shape?.dim ?? []).map(({ size }) => size);
    if (entry.dtype !== dtypeNumber(variable.dtype))
      problems.push(
        `expected dtype ${variable.dtype} does not equal original dtype ${dtypeOf(entry.dtype)} (${place})`,
      );
    else if (shape && !(shape.length === saved.length && shape.every((size, i) => size === saved[i])))
      problems.push(
        `Assign requires shapes of both tensors to match. lhs shape= [${shape}] rhs shape= [${saved}] (${place})`,
      );
  }
  if (problems.length === 0) return;
  const missing = wanted.some(({ key }) => !entries.has(key));
  if (missing) problems.push(`the checkpoint has ${[...entries.keys()].join(', ') || 'nothing'}`);
  const message = `could not restore from '${prefix}':\n  ${problems.join('\n  ')}`;
  throw missing ? new NotFoundError(message) : new InvalidArgumentError(message);
}

interface RestoredVariable extends NamedVariable {
  /** The shape that the tensor has to have, where it has to have one. */
  readonly shape: Shape;
}

/** What an operation that restores a saver's variables restores. */
function restoredBy(operation: Operation, strings = stringsOnce()): RestoredVariable[] {
  return operation.controlInputs.flatMap((input): RestoredVariable[] => {
    if (input.type === 'NoOp') return restoredBy(input, strings); // the variables on one device
    const [variable, value] = input.inputs;
    const reshaped = value?.op.type === 'Reshape';
    const restored = reshaped ? value.op.inputs[0] : value;
    // Of what is no reference variable the runtime itself finds the mistakes.
    if (input.type !== 'Assign' || !variable || restored?.op.type !== 'RestoreV2') return [];
    const [, names, slices] = restored.op.inputs as [Tensor, Tensor, Tensor];
    const isWhole = strings(slices)[restored.index] === '';
    const sameShape = isWhole && !reshaped && input.getAttribute('validate_shape') === true;
    return [{ key: strings(names)[restored.index] as string, variable, shape: sameShape ? variable.shape : null }];
  });
}

/** Reads constants of strings, each only once. */
function stringsOnce(): (constant: Tensor) => readonly string[] {
  const known = new Map<Operation, readonly string[]>();
  return ({ op }) => {
    const strings = known.get(op) ?? (op.getAttribute('value') as HostArray<'string'>).data.map(String);
    known.set(op, strings);
    return strings;
  };
}
