/** Writes event files, as TensorFlow 1's `tf.summary.FileWriter` does. */
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

/** TensorBoard keeps traces under their tags among the summaries. */
const RUN_METADATA = 'run metadata';

/** How a `FileWriter` works. */
export interface FileWriterOptions {
  /** A graph, or an encoded `GraphDef`, to begin the file with. */
  graph?: GraphLike;
  /** The name that Python has for `graph` where it is encoded, such as `session.graphDef`. */
  graphDef?: Uint8Array;
  /**
   * How many summaries may wait in memory before they are written.
   *
   * @defaultValue `10`
   */
  maxQueue?: number;
  /**
   * For how many seconds a summary may wait in memory before it is written.
   *
   * @defaultValue `120`
   */
  flushSecs?: number;
  /** Put at the end of the file's name. */
  filenameSuffix?: string;
}

/** What a writer weighs for the collector as long as its file is open: some hundred that are dropped unclosed set it to work. */
const OPEN_FILE_BYTES = 2 ** 20;

const closeNow = Symbol('closeNow');

/** A writer that nobody has any longer can't be closed by anybody: what it has is written, and its file closed. */
const dropped = new FinalizationRegistry<RecordFile>((file) => {
  file.close().catch(() => {}); // tried again when the process ends, which says so
});

/**
 * Writes the events of a run — summaries, graphs, traces — to a new event file in the run's folder, where TensorBoard finds
 * it.
 *
 * Nothing waits for the disk: an event is put into memory and written in the background, a summary together with others
 * (`maxQueue`, `flushSecs`; in a notebook when the cell ends, whichever way), anything else soon. What still waits when the
 * process ends is written then; a signal that kills the process leaves no time for that. After `await writer.flush()`
 * everything is in the file. A writer that is dropped without `close()` is closed some time later.
 *
 * Several writers may write to one folder, each to a file of its own; but TensorBoard, while it watches a folder, moves on to
 * the newest file and does not come back.
 *
 * A failure to write (a full disk, a removed folder) is thrown by the next call. What could not be written is kept, and is
 * written later if it can be.
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
  /** Whether hyperparameters were written, and that the run has ended is to follow. */
  #inSession = false;

  /**
   * Creates the folder, if it is not there, and an event file in it. The graph may stand before the options or among them.
   *
   * @throws {TensorFlowError} when that can't be done
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
   * Adds a summary: what a summary op, such as a merged one, gave, or a message of your own. As in TensorFlow, only the
   * first value of a tag keeps its metadata.
   *
   * @throws {InvalidArgumentError} when a value is of another kind than those before it under its tag, such as a scalar where there is
   *   a histogram; TensorBoard could show neither. Nothing is added then.
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
   * Adds how values are distributed, in TensorFlow's buckets.
   *
   * @param values of any shape
   * @throws {InvalidArgumentError} when one of them is no finite number
   * @example
   * writer.histogram('weights', await session.run(weights), step);
   */
  histogram(tag: string, values: ArrayLike, globalStep: number | bigint = 0): void {
    this.addSummary({ value: [{ tag, histo: histogramOf(values) }] }, globalStep);
  }

  /**
   * Adds an image, or the first ones of a batch under the tags `tag/image/0`, `tag/image/1` … Bytes are taken as they are; other
   * numbers are scaled as `tf.summary.image` does it.
   *
   * @param images `[height, width]`, `[height, width, channels]` or `[batch, height, width, channels]`; 1 channel is grey, 3
   *   are RGB and 4 RGBA
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
   * Adds a figure, as an image; it is there when the promise resolves.
   *
   * @param figure one of `plot`'s, or anything else that can be made a PNG file
   * @throws {InvalidArgumentError} when what it makes is no PNG file
   * @throws {DataLossError} when that is damaged
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
   * Adds the hyperparameters of the run, once and before its metrics; `close` adds that the run has ended well. TensorBoard's
   * HParams page compares runs by them, also unlike ones, and by all their scalars.
   *
   * @throws {InvalidArgumentError} when one is no number, string or boolean
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
   * Adds the precision and recall of a classifier of two classes, at each of many thresholds.
   *
   * @throws {InvalidArgumentError} when there are not as many labels as predictions, or these aren't from 0 to 1
   * @example
   * writer.prCurve('is seven', { labels: [true, false, true], predictions: [0.9, 0.2, 0.4] }, step);
   */
  prCurve(tag: string, classified: Classified, globalStep: number | bigint = 0, options?: PrCurveOptions): void {
    this.addSummary({ value: [prCurveValue(tag, classified, options)] }, globalStep);
  }

  /**
   * Writes vectors for TensorBoard's Projector, as files beside the event file; they are there when the promise resolves.
   * Several may be shown under different tags, and of one tag those of different steps.
   *
   * @param vectors `[n, dimensions]`
   * @param globalStep becomes part of the name in the Projector, if there is one
   * @throws {InvalidArgumentError} when the shape is another, or what is known is not known about `n` vectors
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

  /** Adds an event as it is; the time is now if it has none. */
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
   * Adds the trace of a run under a name, which TensorBoard's Graphs page offers among its session runs.
   *
   * @param metadata What `session.run` filled in, or an encoded or a plain `RunMetadata`.
   * @throws {InvalidArgumentError} when this writer has a trace of this name already, or a summary
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

  /** Adds what became of a session: it was started, stopped, or wrote a checkpoint. */
  addSessionLog(sessionLog: MessageInit<SessionLog>, globalStep: number | bigint = 0): void {
    this.#add(EventField.sessionLog, bytesOf(SessionLog, sessionLog), globalStep);
  }

  /**
   * Resolves when everything added before is in the file.
   *
   * @throws {TensorFlowError} when that can't be done, such as a `ResourceExhaustedError` on a full disk
   */
  flush(): Promise<void> {
    return this.#file.flush();
  }

  /**
   * Writes everything and closes the file; adding more is an error then. Closing a closed writer does nothing.
   *
   * @throws {TensorFlowError} when not everything can be written. The writer stays open then, unless its file was removed.
   */
  async close(): Promise<void> {
    if (this.#inSession && this.#file.isOpen) {
      this.addSummary({ value: [hparamsEndValue(Date.now() / 1000)] });
      this.#inSession = false;
    }
    await this.#file.close();
    weigh(this, 0);
  }

  /** {@link close}, at the end of a block that began with `await using writer = new tf.summary.FileWriter(folder)`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal {@link close}, before it returns. */
  [closeNow](): void {
    this.#file.closeNow();
    weigh(this, 0);
  }

  /** Begins a new event file in the same folder after `close`; does nothing if the writer is open. */
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
 * Writes that a run with these hyperparameters begins, as a file of its own that is there when this returns: for who makes a run's folder, and
 * leaves it to others to write what happens in it.
 *
 * @throws {TensorFlowError} when that can't be done
 */
export function writeHParams(logdir: string, hparams: HParams): void {
  const writer = new FileWriter(logdir, { filenameSuffix: '.hparams' });
  writer.addSummary({ value: [hparamsValue(hparams, {}, Date.now() / 1000)] });
  writer[closeNow]();
}

/** The bytes of a message: those that are given, or a plain one's, which has no fields that the message hasn't. */
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
 * Creates a file with the name that TensorFlow gives (seconds, host), and the process and a number after it, as TensorBoard's
 * own writer does, so that two writers never meet in one file. The number has leading zeros: whoever reads a folder, TensorBoard too, takes
 * files by the order of their names, and those of a run that went on within the same second would come before what they go on from.
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
