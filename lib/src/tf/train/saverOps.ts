/**
 * Builds the operations of a saver: decides which variables they save and restore, and under which names.
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
 * The variables to save: a list, in which each has its own name (and the parts of a partitioned variable that of the
 * whole), or an object by names in the checkpoint, in which the parts of one variable form an array.
 */
export type VariableList =
  | readonly (Tensor | PartitionedVariable)[]
  | ReadonlyMap<string, SavedVariable>
  | Readonly<Record<string, SavedVariable>>;

/** A variable, or its parts. */
export type SavedVariable = Tensor | readonly Tensor[] | PartitionedVariable;

/** A variable and its name in checkpoints. */
export interface NamedVariable {
  /** The name of the tensor in checkpoints. */
  readonly key: string;
  /** The reference to the variable's buffer, or its handle. */
  readonly variable: Tensor;
  /** Which part of the tensor it is, in the format of `SaveV2`; `''` for the whole tensor. */
  readonly slice: string;
}

/** The variables, ordered by name. */
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
    // The operation's output; passing the variable would make a builder use its value.
    named.push({ key, variable: variable.op.outputs[variable.index]!, slice: part ? sliceSpec(part) : '' });
  }
  return named.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

type SaveSliceInfo = NonNullable<Variable['saveSliceInfo']>;

function sliceInfoOf(variable: Tensor): SaveSliceInfo | undefined {
  return variable instanceof Variable ? variable.saveSliceInfo : undefined;
}

/** `'4 3 2,2:0,3'`: the full shape, then the offset and length of the part in each dimension. */
function sliceSpec({ fullShape, varOffset, varShape }: SaveSliceInfo): string {
  const [whole, offsets, lengths] = [fullShape, varOffset, varShape].map((sizes) => Array.from(sizes ?? []));
  return `${whole?.join(' ')} ${offsets?.map((offset, i) => `${offset},${lengths?.[i]}`).join(':')}`;
}

/** The shape of the whole tensor that a part belongs to; see {@link sliceSpec}. */
function wholeShapeOf(slice: string): number[] {
  return slice.split(' ').slice(0, -1).map(Number);
}

interface BuildOptions {
  name?: string;
  reshape?: boolean;
  sharded?: boolean;
}

/** Adds the operations to a graph, and returns their names. */
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

/** Saves variables; the result is the prefix, available when they are saved. */
function save(prefix: Tensor, named: readonly NamedVariable[]): Tensor {
  const keys = named.map(({ key }) => key);
  const slices = named.map(({ slice }) => slice);
  const values = named.map(({ variable, slice }) => {
    const read = slice === '' ? undefined : variableOf.get(variable.op)?.snapshot; // what Python reads for a part
    return read ?? graphElement(variable);
  });
  return withDependencies([apply('SaveV2', [prefix, keys, slices, values])], prefix);
}

/**
 * Makes each device save its variables to a file of its own, and then the last device merge the files into a
 * checkpoint. Until then, they are in a folder next to it, which is removed afterwards. Names are Python's.
 */
function saveShards(graph: Graph, prefix: Tensor, shards: readonly Shard[]): Tensor {
  const temporary = graph.device('/cpu:*', () => {
    // Object stores have no folders.
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

/** The names of a saver's operations under `scope`. */
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
 * Finds mismatches with a checkpoint before any variable is changed: the runtime would stop after restoring some of
 * them.
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
  /** The required shape of the tensor, if any. */
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
    // For other kinds of assignments, the runtime itself reports mismatches.
    if (!/^Assign(VariableOp)?$/.test(input.type) || !variable || restored?.op.type !== 'RestoreV2') return [];
    if (resource && !handleOf(variable)) return [];
    const [, names, slices] = restored.op.inputs as [Tensor, Tensor, Tensor];
    const slice = strings(slices)[restored.index]!;
    const sameShape = !reshaped && (resource || input.getAttribute('validate_shape') === true);
    const shape = slice !== '' ? wholeShapeOf(slice) : sameShape ? contentOf(variable).shape : null;
    return [{ key: strings(names)[restored.index]!, variable, slice, shape }];
  });
}

/** Reads string constants, each only once. */
function stringsOnce(): (constant: Tensor) => readonly string[] {
  const known = new Map<Operation, readonly string[]>();
  return ({ op }) => {
    const strings = known.get(op) ?? (op.getAttribute('value') as HostArray<'string'>).data.map(String);
    known.set(op, strings);
    return strings;
  };
}
