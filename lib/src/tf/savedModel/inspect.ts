/** Describes a SavedModel without loading it. */
import { DataType, type GraphDef, type SignatureDef, type TensorInfo } from '../../protos';
import { readSavedModel } from './files';

/** A tensor of a signature. */
export interface InspectedTensor {
  /** Its name in the graph; undefined if it consists of several tensors. */
  readonly name: string | undefined;
  /** TensorFlow's name of the dtype: `DT_FLOAT`. */
  readonly dtype: string;
  /** The shape, with -1 for a size that may vary; undefined for an unknown rank, and for a ragged tensor. */
  readonly shape: readonly number[] | undefined;
  /** The kind of a tensor that consists of several: `sparse`, or TensorFlow's name for it. */
  readonly composite?: string;
}

/** The inputs and outputs of a signature. */
export interface InspectedSignature {
  readonly methodName: string;
  readonly inputs: Readonly<Record<string, InspectedTensor>>;
  readonly outputs: Readonly<Record<string, InspectedTensor>>;
}

/** A graph of a saved model. */
export interface InspectedGraph {
  readonly tags: readonly string[];
  readonly signatures: Readonly<Record<string, InspectedSignature>>;
  /** The types of its operations, including those in its functions. */
  readonly operations: readonly string[];
}

/**
 * The contents of a SavedModel. Its text is what `saved_model_cli show --all` prints about signatures and operations.
 */
export class InspectedModel {
  readonly metaGraphs: readonly InspectedGraph[];

  /** @internal */
  constructor(metaGraphs: readonly InspectedGraph[]) {
    this.metaGraphs = metaGraphs;
  }

  /** The description as text. */
  toString(): string {
    return this.metaGraphs.map(graphText).join('');
  }
}

/**
 * What a saved model takes and gives, without loading it.
 *
 * @throws {NotFoundError} when the folder has no saved model in it
 * @throws {DataLossError} when that is damaged
 *
 * @example
 * const model = await tf.savedModel.inspect('models/digits');
 * model.metaGraphs[0]!.tags; // ['serve']
 * console.log(String(model));
 */
export async function inspect(exportDir: string): Promise<InspectedModel> {
  const { metaGraphs } = await readSavedModel(exportDir);
  const graphs = metaGraphs.map(({ metaInfoDef, signatureDef, graphDef }) => ({
    tags: metaInfoDef?.tags ?? [],
    signatures: mapValues(signatureDef, signature),
    operations: graphDef ? typesOf(graphDef) : [],
  }));
  return new InspectedModel(graphs.sort((a, b) => (a.tags.join('\n') < b.tags.join('\n') ? -1 : 1)));
}

/** Operations that call the function which is their attribute `f`. */
const CALLERS: ReadonlySet<string> = new Set(['PartitionedCall', 'StatefulPartitionedCall']);

/** The types of the operations of a graph, and of the functions that it calls; as in Python, those of loops and branches are left out. */
function typesOf({ node, library }: GraphDef): string[] {
  const functions = new Map(library?.function.map((made) => [made.signature?.name ?? '', made]));
  const types = new Set<string>();
  const called = new Set<string>();
  const pending = [...node];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (!functions.has(next.op)) types.add(next.op);
    for (const name of [next.op, (CALLERS.has(next.op) && next.attr.f?.func?.name) || '']) {
      if (called.has(name)) continue;
      called.add(name);
      pending.push(...(functions.get(name)?.nodeDef ?? []));
    }
  }
  return [...types].sort();
}

const signature = ({ methodName, inputs, outputs }: SignatureDef): InspectedSignature => ({
  methodName,
  inputs: mapValues(inputs, tensor),
  outputs: mapValues(outputs, tensor),
});

const dtypeNames = new Map(Object.entries(DataType).map(([name, number]) => [number as number, `DT_${name}`]));

const tensor = ({ name, dtype, tensorShape, cooSparse, compositeTensor }: TensorInfo): InspectedTensor => ({
  name,
  dtype: dtypeNames.get(dtype) ?? `DT_${dtype}`,
  shape: tensorShape?.unknownRank ? undefined : (tensorShape?.dim ?? []).map(({ size }) => size),
  ...(cooSparse && { composite: 'sparse' }),
  ...(compositeTensor && { composite: compositeTensor.typeSpec?.typeSpecClassName || 'unknown' }),
});

/** The record with its keys in order. */
function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  const keys = Object.keys(record).sort();
  return Object.fromEntries(keys.map((key) => [key, map(record[key]!)]));
}

function graphText({ tags, signatures, operations }: InspectedGraph): string {
  const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');
  const texts = Object.entries(signatures).map(([name, signature]) => signatureText(name, signature));
  return [
    `\nMetaGraphDef with tag-set: '${tags.join(', ')}' contains the following SignatureDefs:\n`,
    ...texts,
    `The MetaGraph with tag set [${quoted(tags)}] contains the following ops: {${quoted(operations)}}\n`,
  ].join('');
}

function signatureText(name: string, { methodName, inputs, outputs }: InspectedSignature): string {
  const tensors = (kind: string, all: InspectedSignature['inputs']) =>
    Object.entries(all).map(([key, { name = '', dtype, shape }]) => {
      const sizes = shape ? `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`.replace(',)', ')') : 'unknown_rank';
      return `    ${kind}['${key}'] tensor_info:\n        dtype: ${dtype}\n        shape: ${sizes}\n        name: ${name}\n`;
    });
  return [
    `\nsignature_def['${name}']:\n`,
    '  The given SavedModel SignatureDef contains the following input(s):\n',
    ...tensors('inputs', inputs),
    '  The given SavedModel SignatureDef contains the following output(s):\n',
    ...tensors('outputs', outputs),
    `  Method name is: ${methodName}\n`,
  ].join('');
}
