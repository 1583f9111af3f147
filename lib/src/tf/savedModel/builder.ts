/**
 * Writes SavedModels, for Python's TensorFlow 1 and 2, TensorFlow Serving and others.
 *
 * @see TensorFlow's python/saved_model/builder_impl.py
 */
import { copyFileSync, existsSync, readdirSync, realpathSync, renameSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import {
  AssetFileDef,
  AttrValue,
  type MessageInit,
  MetaGraphDef,
  SavedModel,
  SignatureDef,
  type TensorInfo,
} from '../../protos';
import { checkInstance, checkObject, checkPath, shown } from '../../runtime/arguments';
import { AlreadyExistsError, FailedPreconditionError, InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { fileError, flushFile, lookFor, makeFolder, removeQuietly, replaceFileSync } from '../../runtime/files';
import { HostArray } from '../../runtime/hostArray';
import { onlyOptions } from '../../runtime/options';
import { GraphKeys } from '../graph/collections';
import { foreign } from '../graph/foreign';
import { Graph, getDefaultGraph } from '../graph/graph';
import { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';
import { Session } from '../session';
import { exportMetaGraph, Saver } from '../train';
import { FILES, KEYS, SCHEMA_VERSION, signatureConstants, tagConstants } from './constants';
import { tagList } from './files';
import { buildTensorInfo, type NamedTensors, predictSignatureDef } from './signatureDefs';

/** Options of adding a graph to a SavedModel. */
export interface AddMetaGraphOptions {
  /** Its inputs and outputs, by the names of the signatures. */
  signatureDefMap?: Readonly<Record<string, MessageInit<SignatureDef>>>;
  /**
   * Constants with the paths of files that the graph reads, such as vocabularies. The files become part of the model.
   */
  assetsCollection?: Iterable<Tensor>;
  /** The operation to run after the model was loaded, such as `tf.tablesInitializer()`. */
  mainOp?: Operation;
  /** An older name of `mainOp`. */
  legacyInitOp?: Operation;
  /**
   * Whether to omit the requested devices of the operations.
   *
   * @defaultValue `false`
   */
  clearDevices?: boolean;
  /**
   * Whether to omit attributes with default values, for older readers.
   *
   * @defaultValue `false`
   */
  stripDefaultAttrs?: boolean;
  /**
   * Saves the variables, and determines how they are restored.
   *
   * @defaultValue a new one for all global variables
   */
  saver?: Saver;
}

/** Options of {@link Builder.addMetaGraph}. */
export interface AddOtherMetaGraphOptions extends AddMetaGraphOptions {
  /**
   * The graph to add.
   *
   * @defaultValue the default graph
   */
  graph?: Graph;
}

/** Options of {@link Builder.save}. */
export interface BuilderSaveOptions {
  /**
   * Whether to write `saved_model.pbtxt`, in text format, instead of `saved_model.pb`.
   *
   * @defaultValue `false`
   */
  asText?: boolean;
}

/**
 * Creates a SavedModel: a folder with graphs, their inputs and outputs, the values of their variables and the files
 * that they read.
 *
 * Until {@link Builder.save}, everything is in a temporary folder next to it, so the model appears complete or not at
 * all.
 *
 * @example
 * const builder = new tf.savedModel.Builder('models/two');
 * const signature = tf.savedModel.signatureDefUtils.predictSignatureDef({ images }, { logits });
 * await builder.addMetaGraphAndVariables(session, ['serve'], { signatureDefMap: { serving_default: signature } });
 * builder.save(); // 'models/two/saved_model.pb'
 */
export class Builder {
  /** The path as it was given. */
  readonly #exportDir: string;
  readonly #folder: string;
  readonly #pending: string;
  readonly #metaGraphs: MetaGraphDef[] = [];
  /** Whether the variables are being saved, or have been saved. */
  #isBegun = false;
  /** The files to copy, by their names in the model. */
  readonly #assets = new Map<string, string>();

  /**
   * @param exportDir a folder that is empty or doesn't exist
   * @throws {AlreadyExistsError} when it isn't empty
   */
  constructor(exportDir: string) {
    checkPath("a saved model's folder", exportDir);
    this.#exportDir = exportDir;
    // If it is a link to an empty folder, that folder is filled.
    this.#folder = lookFor(exportDir) ? realpathSync(exportDir) : path.resolve(exportDir);
    this.#checkFree();
    this.#pending = `${this.#folder}.pending-${process.pid}-${Date.now().toString(36)}`;
  }

  /**
   * Adds the graph of a session, and the values of its variables. This must be the first graph of the model.
   *
   * @param tags by which a reader selects the graph: `['serve']` for inference
   * @throws {FailedPreconditionError} when it has been called before, or a variable has no value
   * @throws {InvalidArgumentError} when a tensor of a signature isn't in the graph, or an asset is not a constant
   * string
   * @throws {NotFoundError} when the file of an asset is missing
   */
  async addMetaGraphAndVariables(
    session: Session,
    tags: Iterable<string>,
    options: AddMetaGraphOptions = {},
  ): Promise<void> {
    checkOptions(options);
    checkInstance('what has the values of variables', session, Session, 'session');
    if (this.#isBegun)
      throw new FailedPreconditionError(
        'the variables have been saved already; further graphs are added by addMetaGraph',
      );
    this.#isBegun = true;
    await this.#building(async () => {
      const saver = options.saver ?? saverOf(session.graph);
      const prefix = path.join(this.#pending, FILES.variables, FILES.prefix);
      makeFolder(path.dirname(prefix));
      await saver?.save(session, prefix, { writeMetaGraph: false, writeState: false });
      this.#add(session.graph, tags, options, saver);
    });
  }

  /**
   * Adds another graph with variables of the same names: the default graph, as in Python, or that of `graph`.
   *
   * @throws {FailedPreconditionError} when no variables have been saved yet
   * @throws {InvalidArgumentError} when a tensor of a signature isn't in the graph, or an asset is not a constant
   * string
   */
  addMetaGraph(tags: Iterable<string>, options: AddOtherMetaGraphOptions = {}): void {
    checkObject('what is said of a graph', options);
    const { graph = getDefaultGraph(), ...rest } = options;
    checkOptions(rest);
    checkInstance('what is added', graph, Graph, 'graph');
    if (this.#metaGraphs.length === 0)
      throw new FailedPreconditionError('the variables come first: call addMetaGraphAndVariables before addMetaGraph');
    this.#add(graph, tags, rest, rest.saver ?? saverOf(graph));
  }

  /**
   * Writes the model.
   *
   * @returns the path of its `saved_model.pb`
   * @throws {FailedPreconditionError} when no graph was added
   * @throws {AlreadyExistsError} when the folder isn't empty any more
   * @throws {TensorFlowError} when it can't be written. Nothing is left of it then
   */
  save(options: BuilderSaveOptions = {}): string {
    const { asText = false } = onlyOptions(options, { asText: 'boolean' });
    if (this.#metaGraphs.length === 0)
      throw new FailedPreconditionError('a saved model has a graph, and none was added');
    const model = { savedModelSchemaVersion: SCHEMA_VERSION, metaGraphs: this.#metaGraphs };
    const name = asText ? FILES.text : FILES.model;
    this.#checkFree();
    try {
      const content = asText ? SavedModel.toText(model) : SavedModel.encode(model);
      if (content.length >= 2 ** 31)
        throw new InvalidArgumentError(
          `what a saved model says has less than 2 GiB, and here it has ${content.length} bytes; have variables hold large values`,
        );
      replaceFileSync(path.join(this.#pending, name), content);
      if (existsSync(this.#folder)) rmdirSync(this.#folder); // it is empty
      renameSync(this.#pending, this.#folder);
    } catch (error) {
      this.#clear();
      throw fileError(`could not write ${this.#folder}`, error);
    }
    return path.join(this.#exportDir, name);
  }

  #checkFree(): void {
    const stats = lookFor(this.#folder);
    if (!stats) return;
    if (!stats.isDirectory()) throw new AlreadyExistsError(`${this.#folder} is a file`);
    if (readdirSync(this.#folder).length > 0)
      throw new AlreadyExistsError(`${this.#folder} isn't empty: choose another folder, or empty it`);
  }

  /** Does something that may fail before there is anything to save; if it fails, nothing is left. */
  async #building(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#clear();
      throw error;
    }
  }

  #clear(): void {
    removeQuietly(this.#pending);
    this.#isBegun = false;
    this.#metaGraphs.length = 0;
    this.#assets.clear();
  }

  #add(graph: Graph, tags: Iterable<string>, options: AddMetaGraphOptions, saver: Saver | undefined): void {
    const { signatureDefMap = {}, mainOp, legacyInitOp, clearDevices, stripDefaultAttrs = false } = options;
    const initOp = mainOp ?? legacyInitOp;
    if (saver && saver.graph !== graph)
      throw new InvalidArgumentError(foreign("the saver's variables belong to another graph", saver.graph, graph));
    const def = MetaGraphDef.decode(exportMetaGraph({ graph, saverDef: saver?.toProto(), clearDevices }));
    if (initOp) {
      checkInstance('mainOp', initOp, Operation, 'operation');
      graph.checkOwns(initOp);
      def.collectionDef[KEYS.mainOp] = { nodeList: { value: [initOp.name] } };
    }
    def.metaInfoDef!.tags = tagList(tags);
    if (stripDefaultAttrs) stripDefaults(graph, def);
    for (const [name, signature] of Object.entries(signatureDefMap))
      def.signatureDef[name] = checked(graph, name, signature);
    // Files are copied when everything else has been validated.
    const files = [...(options.assetsCollection ?? [])].map((tensor) => [tensor, pathOf(graph, tensor)] as const);
    const assets = files.map(([tensor, file]) => this.#takeAsset(tensor, file));
    for (const asset of assets) def.assetFileDef.push(AssetFileDef.decode(AssetFileDef.encode(asset)));
    if (assets.length > 0) def.collectionDef[KEYS.assets] = anyList(assets.map((asset) => AssetFileDef.encode(asset)));
    this.#metaGraphs.push(def);
  }

  /** Adds a file that a graph reads to the model. If several have the same name, later ones get a number. */
  #takeAsset(tensor: Tensor, file: string): MessageInit<AssetFileDef> {
    const { name, ext } = path.parse(file);
    let filename = name + ext;
    for (let i = 1; this.#assets.has(filename) && this.#assets.get(filename) !== file; i++)
      filename = `${name}_${i}${ext}`;
    if (!this.#assets.has(filename)) {
      const target = path.join(this.#pending, FILES.assets, filename);
      try {
        makeFolder(path.dirname(target));
        copyFileSync(file, target);
        flushFile(target);
      } catch (error) {
        throw fileError(`could not copy the asset ${file}`, error);
      }
      this.#assets.set(filename, file);
    }
    return { tensorInfo: buildTensorInfo(tensor), filename };
  }
}

/**
 * Writes a SavedModel of one graph for inference: its tag is `serve`, its signature `serving_default`.
 *
 * @param exportDir a folder that is empty or doesn't exist
 * @param inputs the model's inputs, by their public names
 * @param outputs the model's outputs, by their public names
 * @returns the path of its `saved_model.pb`
 * @throws {AlreadyExistsError} when the folder isn't empty
 * @throws {FailedPreconditionError} when a variable has no value
 *
 * @example
 * await tf.savedModel.simpleSave(session, 'models/digits', { images }, { logits });
 */
export async function simpleSave(
  session: Session,
  exportDir: string,
  inputs: NamedTensors,
  outputs: NamedTensors,
  options: Pick<AddMetaGraphOptions, 'legacyInitOp' | 'mainOp'> = {},
): Promise<string> {
  const initOps = onlyOptions(options, { legacyInitOp: 'any', mainOp: 'any' });
  checkInstance('what has the variables', session, Session);
  const signature = predictSignatureDef(inputs, outputs);
  const builder = new Builder(exportDir);
  const signatureDefMap = { [signatureConstants.DEFAULT_SERVING_SIGNATURE_DEF_KEY]: signature };
  const assetsCollection = session.graph.getCollection(GraphKeys.ASSET_FILEPATHS);
  const all = { ...initOps, signatureDefMap, assetsCollection, clearDevices: true };
  await builder.addMetaGraphAndVariables(session, [tagConstants.SERVING], all);
  return builder.save();
}

function checkOptions(options: AddMetaGraphOptions): void {
  onlyOptions(options, {
    signatureDefMap: 'object',
    assetsCollection: 'object',
    mainOp: 'any',
    legacyInitOp: 'any',
    clearDevices: 'boolean',
    stripDefaultAttrs: 'boolean',
    saver: Saver,
  });
}

/** A saver of all variables of a graph; undefined if it has none. */
function saverOf(graph: Graph): Saver | undefined {
  const variables = graph.getCollection(GraphKeys.GLOBAL_VARIABLES);
  return variables.length > 0 ? graph.asDefault(() => new Saver(variables, { sharded: true })) : undefined;
}

/** A signature, after checking that all of its tensors are in the graph. */
function checked(graph: Graph, name: string, signature: MessageInit<SignatureDef>): SignatureDef {
  if (name === KEYS.initOp || name === KEYS.trainOp)
    throw new InvalidArgumentError(`a signature can't be called '${name}', which says what is to be done first`);
  checkObject(`signature '${name}'`, signature);
  const def = SignatureDef.decode(SignatureDef.encode(signature));
  for (const [key, info] of [...Object.entries(def.inputs), ...Object.entries(def.outputs)]) {
    const tensors = tensorsOf(info);
    if (tensors.length === 0)
      throw new InvalidArgumentError(`'${key}' of signature '${name}' says no tensor: see buildTensorInfo`);
    for (const tensor of tensors) graph.getTensorByName(tensor);
  }
  return def;
}

/** The names of a tensor, or of the tensors that it consists of. */
function tensorsOf({ name, cooSparse, compositeTensor }: TensorInfo): string[] {
  if (name !== undefined) return [name];
  if (cooSparse) return [cooSparse.indicesTensorName, cooSparse.valuesTensorName, cooSparse.denseShapeTensorName];
  return compositeTensor?.components.flatMap(tensorsOf) ?? [];
}

/** The path in a constant string. */
function pathOf(graph: Graph, tensor: Tensor): string {
  graph.checkOwns(tensor);
  const value = tensor.op.type === 'Const' ? tensor.op.getAttribute('value') : undefined;
  if (!(value instanceof HostArray) || value.dtype !== 'string' || value.rank !== 0)
    throw new InvalidArgumentError(`an asset is a constant string, the path of a file, not ${shown(tensor)}`);
  const file = String((value as HostArray<'string'>).data[0]);
  if (!existsSync(file)) throw new NotFoundError(`there is no file '${file}', which asset '${tensor.name}' names`);
  return path.resolve(file);
}

function anyList(messages: readonly Uint8Array[]) {
  const typeUrl = 'type.googleapis.com/tensorflow.AssetFileDef';
  return { anyList: { value: messages.map((value) => ({ typeUrl, value })) } };
}

/** Removes attributes with default values, which readers add themselves. */
function stripDefaults(graph: Graph, { graphDef, metaInfoDef }: MetaGraphDef): void {
  metaInfoDef!.strippedDefaultAttrs = true;
  const functions = new Set(graphDef?.library?.function.map(({ signature }) => signature?.name));
  const nodes = [...(graphDef?.node ?? []), ...(graphDef?.library?.function.flatMap(({ nodeDef }) => nodeDef) ?? [])];
  for (const { op, attr } of nodes) {
    if (functions.has(op)) continue;
    for (const { name, defaultValue } of graph.definition(op).attr) {
      const value = attr[name];
      if (!value || !defaultValue || name.startsWith('_')) continue;
      if (Buffer.compare(AttrValue.encode(value), AttrValue.encode(defaultValue)) === 0) delete attr[name];
    }
  }
}
