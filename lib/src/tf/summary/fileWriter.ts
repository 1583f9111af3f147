/** Writes event files, like TensorFlow 1's `tf.summary.FileWriter`. */
import * as os from 'node:os';
import * as path from 'node:path';
import {
  type Codec,
  Event,
  type MessageInit,
  MetaGraphDef,
  RunMetadata,
  SessionLog,
  Summary,
  TaggedRunMetadata,
} from '../../protos';
import { checkFunction, checkObject, checkPath, checkText, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { fileError, makeFolder } from '../../runtime/files';
import type { ArrayLike } from '../../runtime/hostArray';
import { checkImageFile } from '../../runtime/imageFile';
import { onlyOptions } from '../../runtime/options';
import { weigh } from '../../runtime/weight';
import { type AudioOptions, audioValues } from './audio';
import { type EmbeddingOptions, writeEmbedding } from './embedding';
import { addEventRecord, EventField } from './eventRecord';
import { histogramOf } from './histogram';
import { type HParams, type HParamsOptions, hparamsEndValue, hparamsValue } from './hparams';
import { type ImageOptions, imageValue, imageValues } from './images';
import { headsOf, TagKinds, type ValueHead, withoutKnownMetadata, withPlugins } from './metadata';
import { type Classified, type PrCurveOptions, prCurveValue } from './prCurve';
import { RecordFile, type RecordFileOptions } from './recordFile';
import { type Text, textValue } from './text';

/** A graph, or an encoded `GraphDef`. */
export type GraphLike = { toGraphDef(): Uint8Array } | Uint8Array;

/** The plugin name under which TensorBoard keeps traces among the summaries. */
const RUN_METADATA = 'run metadata';

/** Options of a `FileWriter`. */
export interface FileWriterOptions {
  /** A graph, or an encoded `GraphDef`, to write first. */
  graph?: GraphLike;
  /** Python's name of `graph` for an encoded one, such as `session.graphDef`. */
  graphDef?: Uint8Array;
  /**
   * The maximum number of summaries that wait in memory before they are written.
   *
   * @defaultValue `10`
   */
  maxQueue?: number;
  /**
   * The maximum number of seconds a summary waits in memory before it is written.
   *
   * @defaultValue `120`
   */
  flushSecs?: number;
  /** A suffix of the file's name. */
  filenameSuffix?: string;
}

/**
 * The memory that an open writer pretends to have, so that the garbage collector runs after some hundred writers were
 * dropped without being closed.
 */
const OPEN_FILE_BYTES = 2 ** 20;

const closeNow = Symbol('closeNow');

/** Writes the remaining events of a garbage-collected writer, and closes its file. */
const dropped = new FinalizationRegistry<RecordFile>((file) => {
  file.close().catch(() => {}); // tried again when the process ends, which reports the error
});

/**
 * Writes the events of a run (summaries, graphs, traces) to a new event file in the run's folder, where TensorBoard
 * finds it.
 *
 * Writing happens in the background: summaries are collected in memory and written together (`maxQueue`, `flushSecs`;
 * in a notebook, also when the cell ends), other events soon. Remaining events are written when the process exits, but
 * not if a signal kills it. After `await writer.flush()`, everything is in the file. A writer that is garbage-collected
 * without `close()` is closed automatically.
 *
 * Several writers may write to the same folder, each to its own file. But while TensorBoard watches a folder, it moves
 * on to the newest file and doesn't return to older ones.
 *
 * The next call throws the error of a failed write (a full disk, a removed folder). Unwritten data is kept, and written
 * later if possible.
 *
 * @example
 * const writer = new tf.summary.FileWriter('summaries/run3', { graph: session.graph });
 * for (let step = 0; step < 10; step++) {
 *   writer.addSummary(await session.run(merged, feeds), step);
 * }
 * await writer.close();
 */
export class FileWriter {
  readonly #logdir: string;
  readonly #maxQueue: number;
  readonly #flushSecs: number;
  readonly #suffix: string;
  #file: RecordFile;
  readonly #tagsWithMetadata = new Set<string>();
  readonly #runTags = new Set<string>();
  readonly #kinds = new TagKinds();
  /** Whether hyperparameters were written, so that the end of the session must be written too. */
  #inSession = false;

  /**
   * Creates the folder, if necessary, and an event file in it. The graph may come before the options or among them.
   *
   * @throws {TensorFlowError} when that fails
   */
  constructor(logdir: string, options?: FileWriterOptions);
  constructor(logdir: string, graph: GraphLike | null, options?: FileWriterOptions);
  constructor(logdir: string, second?: GraphLike | FileWriterOptions | null, third?: FileWriterOptions) {
    if (second !== undefined && second !== null) checkObject("a writer's graph, or its options,", second);
    const options: FileWriterOptions = isGraph(second) ? { ...third, graph: second } : { ...second, ...third };
    onlyOptions(options, {
      graph: 'any',
      graphDef: Uint8Array,
      maxQueue: 'number',
      flushSecs: 'number',
      filenameSuffix: 'string',
    });
    checkPath('the folder of event files', logdir);
    this.#logdir = logdir;
    this.#maxQueue = options.maxQueue ?? 10;
    this.#flushSecs = options.flushSecs ?? 120;
    this.#suffix = options.filenameSuffix ?? '';
    if (!(this.#flushSecs >= 0)) throw new InvalidArgumentError(`flushSecs must not be negative: ${this.#flushSecs}`);
    const graph = options.graph ? graphDefOf(options.graph) : options.graphDef;
    this.#file = this.#newFile();
    if (graph) this.addGraph(graph);
  }

  /** The folder of the run. */
  getLogdir(): string {
    return this.#logdir;
  }

  /** The path of the event file. */
  get path(): string {
    return this.#file.path;
  }

  /**
   * Adds a summary: the value of a summary operation, such as a merged one, or your own message. As in TensorFlow, only
   * the first value of a tag keeps its metadata.
   *
   * @throws {InvalidArgumentError} when a value is of another kind than earlier values of its tag (a scalar instead of
   * a histogram, say); TensorBoard could show neither. Nothing is added then.
   * @example
   * writer.addSummary({ value: [{ tag: 'precision', simpleValue: 0.92 }] }, step);
   */
  addSummary(summary: Uint8Array | MessageInit<Summary>, globalStep: number | bigint = 0): void {
    const bytes = bytesOf(Summary, summary);
    const heads = headsOf(bytes);
    if (!heads.some(({ hasMetadata }) => hasMetadata)) {
      this.#addValues(heads, bytes, globalStep);
      return;
    }
    const decoded = Summary.decode(bytes);
    const once = withoutKnownMetadata(decoded, this.#tagsWithMetadata);
    this.#addValues(withPlugins(heads, decoded), Summary.encode(once), globalStep);
    for (const { tag, metadata } of once.value) if (metadata) this.#tagsWithMetadata.add(tag);
  }

  /**
   * Adds a number.
   *
   * @throws {InvalidArgumentError} when the tag was used for something else, such as a histogram
   * @example
   * writer.scalar('precision', 0.92, step);
   */
  scalar(tag: string, value: number, globalStep: number | bigint = 0): void {
    this.#addValues([{ tag, kind: 'scalar' }], Summary.encode({ value: [{ tag, simpleValue: value }] }), globalStep);
  }

  /**
   * Adds a histogram of values, with TensorFlow's buckets.
   *
   * @param values of any shape
   * @throws {InvalidArgumentError} when a value is not a finite number
   * @example
   * writer.histogram('weights', await session.run(weights), step);
   */
  histogram(tag: string, values: ArrayLike, globalStep: number | bigint = 0): void {
    this.addSummary({ value: [{ tag, histo: histogramOf(values) }] }, globalStep);
  }

  /**
   * Adds an image, or the first ones of a batch under the tags `tag/image/0`, `tag/image/1` … Bytes are used unchanged;
   * other numbers are scaled as by `tf.summary.image`.
   *
   * @param images `[height, width]`, `[height, width, channels]` or `[batch, height, width, channels]`; 1 channel is
   * grey, 3 are RGB and 4 RGBA
   * @throws {InvalidArgumentError} when the shape is another
   * @example
   * writer.image('digit', batch.reshape([100, 28, 28, 1]), step);
   */
  image(tag: string, images: ArrayLike, globalStep: number | bigint = 0, options?: ImageOptions): void {
    this.addSummary({ value: imageValues(tag, images, options) }, globalStep);
  }

  /**
   * Adds a sound, or the first ones of a batch under the tags `tag/audio/0`, `tag/audio/1` …
   *
   * @param samples from -1 to 1: `[frames]`, `[frames, channels]` or `[batch, frames, channels]`
   * @throws {InvalidArgumentError} when the shape is another
   * @example
   * const tone = Float32Array.from({ length: 8000 }, (_, i) => Math.sin((i / 8000) * 2 * Math.PI * 440));
   * writer.audio('a', tone, step, { sampleRate: 8000 });
   */
  audio(tag: string, samples: ArrayLike, globalStep: number | bigint = 0, options?: AudioOptions): void {
    this.addSummary({ value: audioValues(tag, samples, options) }, globalStep);
  }

  /**
   * Adds text, which TensorBoard shows as Markdown: an array as a table of one column, an array of arrays as a table.
   *
   * @throws {InvalidArgumentError} when rows differ in length
   * @example
   * writer.text('notes', 'Training with *dropout*.', step);
   * writer.text('settings', [['learning rate', '0.01'], ['batch size', '100']]);
   */
  text(tag: string, text: Text, globalStep: number | bigint = 0): void {
    this.addSummary({ value: [textValue(tag, text)] }, globalStep);
  }

  /**
   * Adds a figure as an image. It has been added when the promise resolves.
   *
   * @param figure one of `plot`'s, or anything else that can be converted to a PNG file
   * @throws {InvalidArgumentError} when the result is not a PNG file
   * @throws {DataLossError} when the PNG file is damaged
   * @example
   * await writer.figure('loss', plot.curves({ loss: [2.3, 1.1, 0.6] }), step);
   */
  async figure(
    tag: string,
    figure: { toPng(): Uint8Array | Promise<Uint8Array> },
    globalStep: number | bigint = 0,
  ): Promise<void> {
    checkObject('a figure', figure);
    checkFunction('toPng of a figure', figure.toPng);
    const png = await figure.toPng();
    const value = imageValue(tag, png);
    await checkImageFile(png, tag);
    this.addSummary({ value: [value] }, globalStep);
  }

  /**
   * Adds the hyperparameters of the run. Call this once, before adding metrics; `close` then records that the run has
   * finished successfully. TensorBoard's HParams page compares runs by their hyperparameters, which may differ in kind,
   * and by all their scalars.
   *
   * @throws {InvalidArgumentError} when a value is not a number, string or boolean
   * @example
   * writer.hparams({ learningRate: 0.01, optimizer: 'adam' });
   */
  hparams(hparams: HParams, options: HParamsOptions = {}): void {
    onlyOptions(options, { metrics: 'array', group: 'string' });
    checkObject('what hyperparameters are given as', hparams);
    this.addSummary({ value: [hparamsValue(hparams, options, Date.now() / 1000)] });
    this.#inSession = true;
  }

  /**
   * Adds the precision-recall curve of a binary classifier.
   *
   * @throws {InvalidArgumentError} when the numbers of labels and predictions differ, or a prediction isn't between 0
   * and 1
   * @example
   * writer.prCurve('is seven', { labels: [true, false, true], predictions: [0.9, 0.2, 0.4] }, step);
   */
  prCurve(tag: string, classified: Classified, globalStep: number | bigint = 0, options?: PrCurveOptions): void {
    this.addSummary({ value: [prCurveValue(tag, classified, options)] }, globalStep);
  }

  /**
   * Writes vectors for TensorBoard's Projector, as files next to the event file. They are complete when the promise
   * resolves. Several sets of vectors can be shown, under different tags or for different steps.
   *
   * @param vectors `[n, dimensions]`
   * @param globalStep if given, becomes part of the name in the Projector
   * @throws {InvalidArgumentError} when the shape is another, or the metadata isn't about `n` vectors
   * @example
   * const activations = await session.run(hidden, feeds);
   * const metadata = { label: [...digits.data] };
   * await writer.embedding('digits', activations, step, { metadata, images: batch.reshape([100, 28, 28]) });
   */
  async embedding(
    tag: string,
    vectors: ArrayLike,
    globalStep?: number | bigint,
    options?: EmbeddingOptions,
  ): Promise<void> {
    await writeEmbedding(this.#logdir, tag, globalStep, vectors, options);
  }

  /** Adds an event unchanged; if it has no time, the current time. */
  addEvent(event: MessageInit<Event>): void {
    Event.check(event);
    const { summary } = event;
    const heads = summary ? withPlugins(headsOf(Summary.encode(summary)), Summary.decode(Summary.encode(summary))) : [];
    this.#kinds.check(heads);
    const bytes = Event.encode({ ...event, wallTime: event.wallTime ?? Date.now() / 1000 });
    this.#file.buffer.add(bytes);
    this.#file.added(false);
    this.#kinds.keep(heads);
  }

  /** Adds a graph, or an encoded `GraphDef`, for TensorBoard's Graphs page. */
  addGraph(graph: { toGraphDef(): Uint8Array } | Uint8Array, globalStep: number | bigint = 0): void {
    this.#add(EventField.graphDef, graphDefOf(graph), globalStep);
  }

  /** Adds a `MetaGraphDef`, from which a graph can be imported together with its collections. */
  addMetaGraph(metaGraph: Uint8Array | MessageInit<MetaGraphDef>, globalStep: number | bigint = 0): void {
    this.#add(EventField.metaGraphDef, bytesOf(MetaGraphDef, metaGraph), globalStep);
  }

  /**
   * Adds the trace of a run under a name, which TensorBoard's Graphs page lists as a session run.
   *
   * @param metadata What `session.run` filled in, or an encoded or a plain `RunMetadata`.
   * @throws {InvalidArgumentError} when this writer already has a trace or a summary of this name
   */
  addRunMetadata(
    metadata: { readonly bytes: Uint8Array } | Uint8Array | MessageInit<RunMetadata>,
    tag: string,
    globalStep: number | bigint = 0,
  ): void {
    checkObject('metadata of a run', metadata);
    const runMetadata = 'bytes' in metadata ? metadata.bytes : bytesOf(RunMetadata, metadata);
    checkText('the tag of run metadata', tag);
    if (this.#runTags.has(tag)) throw new InvalidArgumentError(`there is already run metadata with the tag '${tag}'`);
    this.#kinds.check([{ tag, kind: RUN_METADATA }]);
    this.#add(EventField.taggedRunMetadata, TaggedRunMetadata.encode({ tag, runMetadata }), globalStep);
    this.#runTags.add(tag);
    this.#kinds.keep([{ tag, kind: RUN_METADATA }]);
  }

  /** Adds a session event: that it was started, stopped, or wrote a checkpoint. */
  addSessionLog(sessionLog: MessageInit<SessionLog>, globalStep: number | bigint = 0): void {
    this.#add(EventField.sessionLog, bytesOf(SessionLog, sessionLog), globalStep);
  }

  /**
   * Resolves when everything added so far is in the file.
   *
   * @throws {TensorFlowError} when that fails, for example a `ResourceExhaustedError` if the disk is full
   */
  flush(): Promise<void> {
    return this.#file.flush();
  }

  /**
   * Writes everything and closes the file. Adding more is then an error; closing again does nothing.
   *
   * @throws {TensorFlowError} when not everything can be written. The writer then stays open, unless its file was
   * removed.
   */
  async close(): Promise<void> {
    if (this.#inSession && this.#file.isOpen) {
      this.addSummary({ value: [hparamsEndValue(Date.now() / 1000)] });
      this.#inSession = false;
    }
    await this.#file.close();
    weigh(this, 0);
  }

  /**
   * Calls {@link close} at the end of a block that contains `await using writer = new tf.summary.FileWriter(folder)`.
   */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal A synchronous {@link close}. */
  [closeNow](): void {
    this.#file.closeNow();
    weigh(this, 0);
  }

  /** Starts a new event file in the same folder after `close`; does nothing if the writer is open. */
  reopen(): void {
    if (!this.#file.isOpen) this.#file = this.#newFile();
  }

  #addValues(heads: readonly Pick<ValueHead, 'tag' | 'kind'>[], bytes: Uint8Array, globalStep: number | bigint): void {
    for (const { tag } of heads) checkText('the tag of a summary', tag);
    this.#kinds.check(heads);
    this.#add(EventField.summary, bytes, globalStep, false);
    this.#kinds.keep(heads);
  }

  #add(field: number, payload: Uint8Array, globalStep: number | bigint, urgent = true): void {
    addEventRecord(this.#file.buffer, Date.now() / 1000, globalStep, field, payload);
    this.#file.added(urgent);
  }

  #newFile(): RecordFile {
    let file: RecordFile | undefined;
    try {
      makeFolder(this.#logdir);
      file = createFile(this.#logdir, this.#suffix, { maxQueue: this.#maxQueue, flushSecs: this.#flushSecs });
      file.buffer.add(
        Event.encode({
          wallTime: Date.now() / 1000,
          fileVersion: 'brain.Event:2',
          sourceMetadata: { writer: 'tf-mechanics' },
        }),
      );
      file.writeNow();
      weigh(this, OPEN_FILE_BYTES);
      dropped.register(this, file);
      return file;
    } catch (error) {
      file?.remove();
      throw fileError(`cannot create an event file in ${this.#logdir}`, error);
    }
  }
}

/**
 * Writes an event file which says that a run with these hyperparameters begins. It is complete when this returns. For
 * code that creates a run's folder and leaves writing the other events to others.
 *
 * @throws {TensorFlowError} when that fails
 */
export function writeHParams(logdir: string, hparams: HParams): void {
  const writer = new FileWriter(logdir, { filenameSuffix: '.hparams' });
  writer.addSummary({ value: [hparamsValue(hparams, {}, Date.now() / 1000)] });
  writer[closeNow]();
}

/** The bytes of a message: either the given ones, or those of a plain object, which may not have unknown fields. */
function bytesOf<T>(kind: Codec<T>, message: Uint8Array | MessageInit<T>): Uint8Array {
  if (message instanceof Uint8Array) return message;
  kind.check(message);
  return kind.encode(message);
}

function isGraph(value: unknown): value is GraphLike {
  return value instanceof Uint8Array || (typeof value === 'object' && value !== null && 'toGraphDef' in value);
}

function graphDefOf(graph: GraphLike): Uint8Array {
  if (!isGraph(graph)) throw new InvalidArgumentError(`expected a graph or the bytes of one, got ${shown(graph)}`);
  return graph instanceof Uint8Array ? graph : graph.toGraphDef();
}

let filesCreated = 0;

/**
 * Creates a file with the name that TensorFlow uses (seconds, host), followed by the process and a number, as in
 * TensorBoard's own writer, so that no two writers use the same file. The number has leading zeros, because readers
 * such as TensorBoard order files by name, and a run may be resumed within the same second.
 */
function createFile(logdir: string, suffix: string, options: RecordFileOptions): RecordFile {
  for (;;) {
    const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, '0');
    const number = String(filesCreated++).padStart(6, '0');
    const name = `events.out.tfevents.${seconds}.${os.hostname()}.${process.pid}.${number}${suffix}`;
    try {
      return new RecordFile(path.join(logdir, name), options);
    } catch (error) {
      // Another machine of the same name may share the folder.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
