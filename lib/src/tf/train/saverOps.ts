/**
 * The operations of a saver: which variables they save and restore, under which names.
 *
 * @see `BaseSaverBuilder` in TensorFlow's python/training/saver.py
 */

import type { SaverDef } from '../../protos';
import { shown } from '../../runtime/arguments';
import { dtypeNumber, dtypeOf } from '../../runtime/dtypes';
import { InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import type { HostArray } from '../../runtime/hostArray';
import { byDevice, DeviceSpec } from '../graph/devices';
import type { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import { isFullyDefined, type Shape, Tensor } from '../graph/tensor';
import { apply, applyOne, asTensor } from '../ops/apply';
import { placeholderWithDefault } from '../ops/constants';
import { group, withDependencies } from '../ops/control';
import { variableOf } from '../ops/initialization';
import { type PartitionedVariable, variablesOf } from '../ops/partitionedVariable';
import { contentOf, graphElement, handleOf, update } from '../ops/variableOps';
import { Variable } from '../ops/variables';
import { checkCheckpointExists } from './checkpointFiles';
import { readCheckpointIndex } from './checkpointIndex';

/**
 * The variables to save: some, each under its own name (the parts of a partitioned variable under the whole one's), or by
 * the names that they shall have in the checkpoint; the parts of one then stand in an array.
 */
export type VariableList =
  | readonly (Tensor | PartitionedVariable)[]
  | ReadonlyMap<string, SavedVariable>
  | Readonly<Record<string, SavedVariable>>;

/** A variable, or its parts. */
export type SavedVariable = Tensor | readonly Tensor[] | PartitionedVariable;

/** A variable and its name in checkpoints. */
export interface NamedVariable {
  /** What the tensor is called in checkpoints. */
  readonly key: string;
  /** The reference to the variable's buffer, or its handle. */
  readonly variable: Tensor;
  /** Which part of the tensor it is, as `SaveV2` takes it; `''` for all of it. */
  readonly slice: string;
}

/** The variables in the order of their names. */
export function namedVariables(list: VariableList): NamedVariable[] {
  if (list instanceof Tensor) throw new InvalidArgumentError(`Variables to save are an array or a map, not ${list}`);
  const pairs: [string, Tensor][] = Array.isArray(list)
    ? (list as readonly SavedVariable[])
        .flatMap((variable) => variablesOf(variable) as Tensor[])
        .map((variable) => [sliceInfoOf(variable)?.fullName ?? variable?.op?.name, variable])
    : [...(list instanceof Map ? list : Object.entries(list))].flatMap(([key, entry]: [string, SavedVariable]) =>
        variablesOf(entry)
          .flat()
          .map((variable) => [key, variable] as [string, Tensor]),
      );
  if (pairs.length === 0) throw new InvalidArgumentError('No variables to save');
  const named: NamedVariable[] = [];
  const operations = new Map<Operation, string>();
  const keys = new Map<string, SaveSliceInfo | undefined>();
  for (const [key, variable] of pairs) {
    if (!(variable instanceof Tensor && (variable.isRef || handleOf(variable))))
      throw new InvalidArgumentError(
        `Variable to save is not a Variable: ${key ? `'${key}' is ` : ''}${shown(variable)}`,
      );
    pairs[0]?.[1].graph.checkOwns(variable);
    if (key === '') throw new InvalidArgumentError(`${variable} needs a name in the checkpoint, not ''`);
    const part = sliceInfoOf(variable);
    if (keys.has(key) && (!part || keys.get(key)?.fullName !== part.fullName))
      throw new InvalidArgumentError(`At least two variables have the same name: ${key}`);
    const other = operations.get(variable.op);
    if (other !== undefined)
      throw new InvalidArgumentError(`The same variable would be saved under two names: '${other}' and '${key}'`);
    operations.set(variable.op, key);
    keys.set(key, part);
    // The operation's output rather than the variable, for which a builder takes the value that was read.
    named.push({ key, variable: variable.op.outputs[variable.index]!, slice: part ? sliceSpec(part) : '' });
  }
  return named.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

type SaveSliceInfo = NonNullable<Variable['saveSliceInfo']>;

function sliceInfoOf(variable: Tensor): SaveSliceInfo | undefined {
  return variable instanceof Variable ? variable.saveSliceInfo : undefined;
}

/** `'4 3 2,2:0,3'`: the whole shape, then where the part begins and how long it is in each dimension. */
function sliceSpec({ fullShape, varOffset, varShape }: SaveSliceInfo): string {
  const [whole, offsets, lengths] = [fullShape, varOffset, varShape].map((sizes) => Array.from(sizes ?? []));
  return `${whole?.join(' ')} ${offsets?.map((offset, i) => `${offset},${lengths?.[i]}`).join(':')}`;
}

/** The shape of the tensor that a part is of; see {@link sliceSpec}. */
function wholeShapeOf(slice: string): number[] {
  return slice.split(' ').slice(0, -1).map(Number);
}

interface BuildOptions {
  name?: string;
  reshape?: boolean;
  sharded?: boolean;
}

/** Adds the operations to a graph, and tells their names. */
export function buildSaver(
  graph: Graph,
  named: readonly NamedVariable[],
  { name = 'save', reshape = false, sharded = false }: BuildOptions,
) {
  return graph.nameScope(name, () => {
    const filename = placeholderWithDefault('model', [], { name: 'filename' });
    const prefix = placeholderWithDefault(filename, [], { name: 'Const' });
    const shards = sharded ? byDevice(named, ({ variable }) => DeviceSpec.fromString(variable.device).toString()) : [];
    const saved = sharded ? saveShards(graph, prefix, shards) : save(prefix, named);
    const restored = sharded
      ? group(
          shards.map(([device, some]) =>
            graph.device(device, () => restore(graph, prefix, some, reshape, 'restore_shard')),
          ),
          { name: 'restore_all' },
        )
      : restore(graph, prefix, named, reshape, 'restore_all');
    return { filenameTensorName: prefix.name, saveTensorName: saved.name, restoreOpName: restored.name };
  });
}

/** A device, and the variables on it. */
type Shard = readonly [device: string, named: readonly NamedVariable[]];

/** Saves variables; the result is the prefix once that is done. */
function save(prefix: Tensor, named: readonly NamedVariable[]): Tensor {
  const keys = named.map(({ key }) => key);
  const slices = named.map(({ slice }) => slice);
  const values = named.map(({ variable, slice }) => {
    const read = slice === '' ? undefined : variableOf.get(variable.op)?.snapshot; // where Python reads a part
    return read ?? graphElement(variable);
  });
  return withDependencies([apply('SaveV2', [prefix, keys, slices, values])], prefix);
}

/**
 * Has each device save its variables into a file of its own, and then the last one make a checkpoint of the files. Until then they lie in a
 * folder beside it, which goes with that. Names are Python's.
 */
function saveShards(graph: Graph, prefix: Tensor, shards: readonly Shard[]): Tensor {
  const temporary = graph.device('/cpu:*', () => {
    // An object store has no folders.
    const isObjectStore = applyOne('StaticRegexFullMatch', [prefix], { pattern: '^s3://.*' });
    const suffixes = ['.part', '_temp/part'].map((suffix) => asTensor(suffix, 'string', 'Const', graph));
    return applyOne('StringJoin', [[prefix, applyOne('Select', [isObjectStore, ...suffixes])]]);
  });
  const count = asTensor(shards.length, 'int32', 'num_shards', graph);
  const onCpu = <T>(device: string, build: () => T) =>
    graph.device(DeviceSpec.fromString(device).replace({ deviceType: 'CPU', deviceIndex: 0 }), build);
  const files: Tensor[] = [];
  const saves = shards.map(([device, named], shard) =>
    onCpu(device, () => {
      const file = applyOne('ShardedFilename', [temporary, shard, count]);
      files.push(file);
      return save(file, named);
    }),
  );
  return graph.controlDependencies(saves, () =>
    onCpu(shards.at(-1)![0], () => {
      const merged = apply('MergeV2Checkpoints', [files, prefix], { delete_old_dirs: true });
      return graph.controlDependencies([merged], () => applyOne('Identity', [prefix]));
    }),
  );
}

/** Restores variables. */
function restore(
  graph: Graph,
  prefix: Tensor,
  named: readonly NamedVariable[],
  reshape: boolean,
  name: string,
): Operation {
  const keys = named.map(({ key }) => key);
  const slices = named.map(({ slice }) => slice);
  const contents = named.map(({ variable }) => contentOf(variable));
  const dtypes = contents.map(({ dtype }) => dtype);
  const { outputs } = graph.device('/cpu:0', () => apply('RestoreV2', [prefix, keys, slices], { dtypes }));
  const assignments = named.map(({ variable }, i) => {
    const value = outputs[i]!;
    const { shape } = contents[i]!;
    const known = isFullyDefined(shape);
    const restored = reshape && known ? applyOne('Reshape', [value, [...shape]]) : value;
    const given = handleOf(variable) ? applyOne('Identity', [restored]) : restored;
    return update('', variable, given, { validateShape: known && !reshape, useLocking: true });
  });
  return group(assignments, { name });
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
  const entries = readCheckpointIndex(prefix);
  const problems: string[] = [];
  const wanted = restoredBy(restoreOp);
  for (const { key, variable, shape } of wanted) {
    const { dtype } = contentOf(variable);
    const entry = entries.get(key);
    const place = `variable '${variable.op.name}'${key === variable.op.name ? '' : `, in the checkpoint '${key}'`}`;
    if (entry === undefined) {
      problems.push(`Key ${key} not found in checkpoint (${place})`);
      continue;
    }
    const saved = (entry.shape?.dim ?? []).map(({ size }) => size);
    if (entry.dtype !== dtypeNumber(dtype))
      problems.push(`expected dtype ${dtype} does not equal original dtype ${dtypeOf(entry.dtype)} (${place})`);
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
    const resource = input.type === 'AssignVariableOp';
    const given = resource && value?.op.type === 'Identity' ? value.op.inputs[0] : value;
    const reshaped = given?.op.type === 'Reshape';
    const restored = reshaped ? given.op.inputs[0] : given;
    // Of what is assigned in another way the runtime itself finds the mistakes.
    if (!/^Assign(VariableOp)?$/.test(input.type) || !variable || restored?.op.type !== 'RestoreV2') return [];
    if (resource && !handleOf(variable)) return [];
    const [, names, slices] = restored.op.inputs as [Tensor, Tensor, Tensor];
    const slice = strings(slices)[restored.index]!;
    const sameShape = !reshaped && (resource || input.getAttribute('validate_shape') === true);
    const shape = slice !== '' ? wholeShapeOf(slice) : sameShape ? contentOf(variable).shape : null;
    return [{ key: strings(names)[restored.index]!, variable, slice, shape }];
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
