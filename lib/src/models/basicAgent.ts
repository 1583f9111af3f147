/**
 * The base class of models: a configuration, the graph built from it, and its life cycle from initialization to the
 * last checkpoint.
 */
import { randomInt } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sample } from '../hyperparameters/space';
import { SessionStatus } from '../protos';
import { checkFunction, checkObject, checkPath, checkText } from '../runtime/arguments';
import { messageOf } from '../runtime/errorContext';
import { FailedPreconditionError, TensorFlowError, UnimplementedError } from '../runtime/errors';
import type { HostArray } from '../runtime/hostArray';
import { onlyOptions } from '../runtime/options';
import { isServerLoss } from '../runtime/serverLoss';
import { GraphKeys } from '../tf/graph/collections';
import { Graph } from '../tf/graph/graph';
import type { Operation } from '../tf/graph/operation';
import type { Tensor } from '../tf/graph/tensor';
import { setRandomSeed } from '../tf/ops/random';
import {
  globalVariables,
  globalVariablesInitializer,
  reportUninitializedVariables,
  type Variable,
} from '../tf/ops/variables';
import { type RunParameters, Session } from '../tf/session';
import { FileWriter } from '../tf/summary';
import { liesIn } from '../tf/train/checkpointFiles';
import { Saver } from '../tf/train/saver';
import { CountingSession, Membership, until } from './cluster/membership';
import { type BasicConfig, type Complete, commonKeys, type Keys, parseConfig } from './configuration';
import { checkedExport, type ExportOptions, exportModel, type ModelSignature } from './exportModel';
import type { Place } from './place';
import { RemoteSession } from './remoteSession';
import {
  CHECKPOINT_NAME,
  checkpointsOfRun,
  latestOfRun,
  newRunFolder,
  readRunRecord,
  takeRunFolder,
  waitForRunFolder,
  writeRunRecord,
} from './runFolder';
import type { EpochOptions, FileExamples, Log, Task, TrainingResult, TrainOptions } from './task';

/** The class of a model, as {@link makeModel} uses it. */
export interface AgentClass<C extends BasicConfig = BasicConfig> {
  new (config?: Partial<C>): BasicAgent<C>;
  /** The name under which it is registered. */
  readonly modelName: string;
  /** The keys of the configuration that all models of its kind share. */
  readonly commonKeys: Keys;
  /** The keys of its own configuration. */
  readonly keys: Keys;
  /** The search space for hyperparameters: distributions for some of the keys. */
  readonly searchSpace: object;
  /**
   * The metrics by which a search compares trials, besides the loss, and whether a greater or smaller value is better.
   */
  readonly metrics: Readonly<Record<string, 'max' | 'min'>>;
  /** The keys that select the data; they may differ when a trained model is evaluated. */
  readonly dataKeys: readonly string[];
  /** The best known hyperparameters. */
  getBestConfig(): Partial<C>;
  /** A configuration with randomly sampled hyperparameters. */
  getRandomConfig(fixedParams: Partial<C>, seed: number): C;
}

/** A graph and the operations that belong to it as a whole. */
interface Built<G> {
  readonly graph: Graph;
  readonly parts: G;
  readonly initOp: Operation;
  readonly saver: Saver;
  readonly globalStep: Variable<'int32' | 'int64', 'scalar'>;
  /** In a cluster, the names of the variables without a value. */
  readonly missing: Tensor | undefined;
}

/**
 * A model with one configuration, in its own folder.
 *
 * A model class declares its keys, and defines how its graph is built and how it learns. The graph is built, and the
 * session created, on first use, so that a class can have ordinary fields.
 *
 * @typeParam C its configuration
 * @typeParam G what its `buildGraph` returns for the other methods
 * @typeParam T its task
 *
 * @example
 * const agent = new models.Convnet({ lr: 0.002, maxIter: 1000, randomSeed: 1 });
 * await agent.train({ saveEvery: 500 });
 * await agent.infer(sets.test.images);
 * await agent.close();
 */
export abstract class BasicAgent<C extends BasicConfig = BasicConfig, G = unknown, T extends Task<string> = Task>
  implements AsyncDisposable
{
  /** The keys that every model has; the classes of one kind of models add the keys that they share. */
  static readonly commonKeys: Keys = commonKeys;
  /** The metrics by which a search compares trials, besides the loss; none by convention. */
  static readonly metrics: AgentClass['metrics'] = {};
  /**
   * The keys that select the data, which may differ when a trained model is evaluated; none unless a class sets them.
   */
  static readonly dataKeys: readonly string[] = [];

  /** The complete, immutable configuration. */
  readonly config: Complete<C>;
  #step = 0;
  #place: Place | undefined;
  /** Its role in a cluster. */
  #membership: Membership | undefined;
  #built: Built<G> | undefined;
  #session: Session | undefined;
  /** By subfolder of the result folder. */
  readonly #writers = new Map<string, FileWriter>();
  /** Whether the result folder is new, and must still be created. */
  #isNewFolder: boolean;
  /** Whether this agent has locked the result folder. */
  #hasFolder = false;
  #isInitialized = false;
  /** The number of steps that this process has taken. */
  #taken = 0;
  /** The checkpoint from which the variables were restored. */
  #restored: string | undefined;
  /** The checkpoint in the result folder that contains the variables' current values. */
  #saved: string | undefined;
  /** The folder in which a cluster task writes events that nobody reads, because the chief writes them. */
  #unread: string | undefined;

  /**
   * @param config the values that differ from the keys' defaults or, with `best`, from the best known configuration
   * @throws {InvalidArgumentError} when a key is unknown, or its value is invalid
   */
  constructor(config: Partial<C> = {}) {
    const { modelName } = this.#class;
    const known = config?.best ? this.#class.getBestConfig() : {};
    const parsed = parseConfig<C>(modelName, keysOf(this.#class), config, known);
    const { randomSeed = randomInt(2 ** 31), resultDir = newRunFolder(modelName) } = parsed;
    this.#isNewFolder = parsed.resultDir === undefined;
    this.config = Object.freeze({ ...parsed, randomSeed, resultDir });
  }

  /** The best known hyperparameters, for `best`; empty unless a class overrides this. */
  static getBestConfig(): Partial<BasicConfig> {
    return {};
  }

  /**
   * Samples a configuration from the class's search space. The same arguments give the same configuration.
   *
   * @param fixedParams values that aren't sampled
   * @param seed determines the samples, and becomes the configuration's `randomSeed` unless that is fixed
   * @throws {InvalidArgumentError} when a fixed value is invalid
   *
   * @example
   * models.Convnet.getRandomConfig({ maxIter: 500 }, 1);
   */
  static getRandomConfig<C extends BasicConfig>(this: AgentClass<C>, fixedParams: Partial<C>, seed: number): C {
    // biome-ignore lint/complexity/noThisInStatic: it is the class that is asked, not this one
    const { modelName, commonKeys, keys, searchSpace } = this;
    checkObject('what is fixed', fixedParams);
    const drawn = sample(searchSpace, seed) as Partial<C>;
    return parseConfig<C>(modelName, { ...commonKeys, ...keys }, { randomSeed: seed, ...drawn, ...fixedParams });
  }

  /** The folder for summaries and checkpoints. */
  get resultDir(): string {
    return this.config.resultDir;
  }

  /**
   * The number of steps taken, including those before the checkpoint. In a cluster, the steps of all workers, as of
   * this one's last run; assigning it has no effect.
   */
  protected get step(): number {
    return this.#step;
  }

  protected set step(step: number) {
    if (this.#membership !== undefined) return;
    this.#taken += step - this.#step;
    this.#step = step;
  }

  /** Whether the session runs on a server. Runs should then be awaited, so that other things can happen meanwhile. */
  protected get isRemote(): boolean {
    return this.#place !== undefined;
  }

  /** Whether other workers take steps too. */
  protected get isTogether(): boolean {
    return this.#membership !== undefined;
  }

  /**
   * The number of this process among those that train the model; 0 for a single process or the chief. Each process
   * should use its own order of the data.
   */
  protected get workerNumber(): number {
    return this.#membership?.number ?? 0;
  }

  /**
   * Runs the session on a TensorFlow server. With a `task`, the model learns together with the other tasks of a
   * cluster. Each of them calls `train`: variables are on the parameter servers, steps are counted together, and the
   * chief alone initializes, saves, evaluates and writes summaries, while the others wait for it, before the first step
   * and after a server was lost.
   *
   * @throws {FailedPreconditionError} when the graph is already built, or the task isn't one that learns
   *
   * @example
   * agent.runOn({ target: 'grpc://127.0.0.1:2222' });
   */
  runOn(place: Place): void {
    checkObject('a place', place);
    const { target, task, from } = onlyOptions(place, {
      target: 'string',
      task: 'any',
      synchronous: 'boolean',
      goesOn: 'boolean',
      from: 'string',
    });
    checkText('the target of a place', target);
    if (task !== undefined) checkObject('the task of a place', task);
    if (from !== undefined) checkPath('the checkpoint that a place begins from', from);
    if (this.#built !== undefined)
      throw new FailedPreconditionError('the graph is built: say where the agent runs before it is asked for anything');
    this.#membership = task && new Membership(place, task);
    this.#place = place;
  }

  /** The graph, built on first access. */
  get graph(): Graph {
    return this.#build().graph;
  }

  /** The session that has the variables' values. */
  get session(): Session {
    this.#session ??= this.#newSession();
    return this.#session;
  }

  #newSession(): Session {
    const { deterministic } = this.config;
    const { graph, globalStep } = this.#build();
    const config = deterministic ? { intraOpParallelismThreads: 1, interOpParallelismThreads: -1 } : {};
    if (this.#place === undefined) return new Session({ graph, config });
    const { target } = this.#place;
    if (this.#membership === undefined) return new RemoteSession({ graph, config, target });
    const membership = this.#membership;
    return new CountingSession({ graph, config: { ...config, ...membership.config }, target }, globalStep, membership);
  }

  /** The result of `buildGraph`. */
  protected get parts(): G {
    return this.#build().parts;
  }

  /** For classes that derive properties from the configuration: called once, before the graph is built. */
  protected setAgentProps(): void {}

  /**
   * Builds the graph, in the default graph: at least variables and `global_step`, which the training operation
   * increments.
   *
   * @returns what the other methods need
   */
  protected abstract buildGraph(): G;

  /**
   * Prepares a training, before anything is written.
   *
   * @returns what training needs, such as the examples
   */
  protected abstract prepare(log: Log): Promise<T['data']>;

  /** A description of the prepared data for `config.json`. */
  protected abstract describeData(data: T['data']): Record<string, unknown>;

  /**
   * Trains to the end of an epoch, one pass over the data, or to the step `end` if that comes first; updates `step`.
   *
   * @param data the prepared data
   * @returns the loss of the last step
   * @throws {FailedPreconditionError} when the loss is NaN
   */
  protected abstract learnFromEpoch(data: T['data'], options: EpochOptions): Promise<number>;

  /**
   * Evaluates the model on some sets.
   *
   * @param sets all by default
   * @param log receives lines with the results
   *
   * @example
   * const { validation } = await agent.evaluate(['validation']);
   */
  abstract evaluate<S extends T['setName'] = T['setName']>(
    sets?: readonly S[],
    log?: Log,
  ): Promise<Record<S, T['evaluation']>>;

  /**
   * Computes the model's predictions for examples.
   *
   * @throws {InvalidArgumentError} when the examples are invalid
   */
  abstract infer(examples: T['input']): Promise<T['prediction'][]>;

  /**
   * Reads the examples in a file for {@link infer}. The command line uses this. Classes that support files override it.
   *
   * @throws {UnimplementedError} when the class doesn't
   */
  async readExamples(file: string): Promise<FileExamples<T['input']>> {
    throw new UnimplementedError(
      `${this.#class.modelName} reads no files, such as ${file}: its class has no readExamples`,
    );
  }

  /**
   * The model's inputs and outputs for programs that use it without this class: tensors of its graph, by their public
   * names. Exports use this; classes that support exports override it.
   *
   * @throws {UnimplementedError} when the class doesn't
   */
  protected signature(): ModelSignature {
    throw new UnimplementedError(
      `${this.#class.modelName} can't be exported: its class has no signature(), which says what it takes and gives`,
    );
  }

  /**
   * Exports the trained model for programs without this library: as a SavedModel, as a frozen graph, or for
   * TensorFlow.js. It is written completely or not at all.
   *
   * @param folder a folder that is empty or doesn't exist
   * @returns the path of the file, or of the folder, that such programs load
   * @throws {AlreadyExistsError} when the folder isn't empty; with `overwrite`, when it contains something other than
   * an exported model
   * @throws {UnimplementedError} when the class doesn't define the model's inputs and outputs, or TensorFlow.js doesn't
   * support an operation
   *
   * @example
   * await agent.export('models/mine');
   * await agent.export('models/mine-js', { format: 'tfjs', quantization: 'float16' });
   */
  async export(folder: string, options: ExportOptions = {}): Promise<string> {
    const checked = checkedExport(options);
    checkPath('the folder of an exported model', folder);
    const signature = this.signature();
    await this.initialized();
    return exportModel(this.session, signature, folder, checked);
  }

  /**
   * Prepares the data as for a training, and describes it.
   *
   * @param log receives progress lines
   * @returns the description of the data that `config.json` would contain after a training
   *
   * @example
   * const { examples } = await agent.checkData();
   */
  async checkData(log: Log = console.log): Promise<Record<string, unknown>> {
    checkFunction('log', log);
    return this.describeData(await this.prepare(log));
  }

  /**
   * Gives the variables their values: those of a checkpoint, or initial ones if there is none. Other methods call this
   * if necessary; after `init({ checkpoint })`, training continues from there. A checkpoint is given by its prefix, in
   * any folder. By default, it is the latest one of the result folder, or else the one that {@link Place} names; `null`
   * means none.
   *
   * @throws {NotFoundError} when there is no such checkpoint
   * @throws {InvalidArgumentError} when it belongs to another model
   */
  async init(options: { checkpoint?: string | null } = {}): Promise<void> {
    const { checkpoint: chosen } = onlyOptions(options, { checkpoint: 'string | null' });
    const { initOp, saver } = this.#build();
    if (this.#membership?.isChief === false) return this.#waitForChief(undefined);
    const checkpoint = chosen === undefined ? (latestOfRun(this.resultDir) ?? this.#place?.from ?? null) : chosen;
    if (checkpoint === null) {
      await this.session.run(initOp);
    } else {
      await saver.restore(this.session, checkpoint);
    }
    saver.recoverLastCheckpoints(checkpointsOfRun(this.resultDir));
    await this.#countFromHere();
    this.#restored = checkpoint ?? undefined;
    this.#saved = checkpoint !== null && this.#isHere(checkpoint) ? checkpoint : undefined;
  }

  /** Uses the variables as they are. */
  async #countFromHere(): Promise<void> {
    const { globalStep } = this.#build();
    this.#step = Number(await this.session.run(globalStep));
    this.#isInitialized = true;
  }

  /** Calls `init()`, unless that was done. */
  protected async initialized(): Promise<void> {
    if (!this.#isInitialized) await this.init();
  }

  /**
   * Trains up to the configuration's `maxIter`, starting from the latest checkpoint of the result folder if there is
   * one. The folder is locked meanwhile.
   *
   * @throws {FailedPreconditionError} when another training uses the result folder, in this process or another
   * @throws {TensorFlowError} when the folder can't be created or written to; once the cause is removed, training can
   * continue from the last save
   * @throws {FailedPreconditionError} when the loss is NaN: the model has diverged
   */
  async train<S extends T['setName'] = T['setName']>(
    options: TrainOptions<S> = {},
  ): Promise<TrainingResult<S, T['evaluation']>> {
    onlyOptions(options, {
      saveEvery: 'number',
      evaluateOn: 'array',
      signal: 'any',
      log: 'function',
      onStep: 'function',
    });
    const data = await this.prepare(options.log ?? console.log); // first: without data there is no run, and no folder
    const membership = this.#membership;
    if (membership === undefined) return this.#inFolder(() => this.#train(data, options));
    if (!membership.isChief) return this.#trainTogether(membership, data, options);
    const { log = console.log, signal } = options;
    const take = () => waitForRunFolder(this.resultDir, this.#isNewFolder, log, signal);
    return this.#inFolder(() => this.#trainTogether(membership, data, options), take);
  }

  async #train<S extends T['setName']>(
    data: T['data'],
    options: TrainOptions<S>,
  ): Promise<TrainingResult<S, T['evaluation']>> {
    const { signal, log = console.log, evaluateOn, onStep } = options;
    await this.initialized();
    this.#tellOfBegin(log);
    await this.#record(data);
    const loss = await this.#learn(data, options);
    onStep?.(this.step, loss, this.#taken);
    const checkpoint = this.#saved ?? (await this.save(log));
    const stopped = signal?.aborted ?? false;
    if (stopped) log(`Stopped after step ${this.step}; saved ${checkpoint}`);
    const evaluations = stopped ? undefined : await this.evaluate(evaluateOn, log);
    await this.#flush();
    return { step: this.step, loss, stopped, checkpoint, evaluations };
  }

  /** Like {@link #train}, as a task of a cluster: after a server was lost, it starts again with what is left. */
  async #trainTogether<S extends T['setName']>(
    membership: Membership,
    data: T['data'],
    options: TrainOptions<S>,
  ): Promise<TrainingResult<S, T['evaluation']>> {
    const { signal, log = console.log, evaluateOn, onStep } = options;
    let loss = Number.NaN;
    for (let isFirst = true; !signal?.aborted; isFirst = false) {
      const forget = this.#closeWhenStopped(signal);
      try {
        await this.#join(membership, isFirst, signal);
        if (signal?.aborted) break;
        if (isFirst) this.#tellOfBegin(log);
        else log(`Going on from step ${this.step}${this.#restored === undefined ? '' : `, with ${this.#restored}`}`);
        if (isFirst && membership.isChief) await this.#record(data);
        loss = await this.#learn(data, options);
        if (signal?.aborted) break;
        onStep?.(this.step, loss, this.#taken);
        if (!membership.isChief) return { step: this.step, loss, stopped: false, checkpoint: '' };
        const last = await this.#conclude(log, evaluateOn);
        await this.#flush();
        return { step: this.step, loss, stopped: false, ...last };
      } catch (error) {
        if (!isServerLoss(error) && !(signal?.aborted && this.#session?.closed)) throw error;
        if (!signal?.aborted) log(`After step ${this.step}, a server of the cluster was lost: ${firstLine(error)}`);
        await this.#leave();
      } finally {
        forget();
      }
    }
    const checkpoint = membership.isChief ? await this.#saveStopped(log) : '';
    await this.#flush();
    return { step: this.step, loss, stopped: true, checkpoint };
  }

  /** Initializes the variables, or waits until the chief has. */
  async #join(membership: Membership, isFirst: boolean, signal: AbortSignal | undefined): Promise<void> {
    if (!membership.isChief) await this.#waitForChief(signal);
    else if (!this.#isInitialized && !(isFirst && this.#place?.goesOn && (await this.#takeAsTheyAre()))) {
      const latest = latestOfRun(this.resultDir) ?? this.#restored; // the initial checkpoint if none has been saved yet
      await this.init(latest === undefined ? {} : { checkpoint: latest });
    }
    if (signal?.aborted) return;
    await membership.beginIn(this.session);
    if (this.session instanceof CountingSession)
      this.session.onStep = (step, isTaken) => {
        this.#step = step;
        if (isTaken) this.#taken++;
      };
  }

  async #waitForChief(signal: AbortSignal | undefined): Promise<void> {
    const isReady = async () => {
      try {
        return await this.#takeAsTheyAre();
      } catch (error) {
        if (!isServerLoss(error)) throw error;
        await this.#leave();
        return false;
      }
    };
    await until(isReady, signal);
  }

  /** Uses the variables as they are on the parameter servers, if all have values. */
  async #takeAsTheyAre(parameters: RunParameters = {}): Promise<boolean> {
    const { data } = (await this.session.run(this.#build().missing!, [], parameters)) as HostArray<'string'>;
    if (data.length > 0) return false;
    await this.#countFromHere();
    return true;
  }

  /** Drops the session, so that another one can replace it. */
  async #leave(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    this.#isInitialized = false;
    this.#saved = undefined;
    await session?.close().catch(() => {}); // its server may be gone
  }

  /** Ends a step that waits for workers that have stopped. */
  #closeWhenStopped(signal: AbortSignal | undefined): () => void {
    let timer: NodeJS.Timeout | undefined;
    const stop = () => {
      timer = setTimeout(() => void this.#session?.close().catch(() => {}), STOP_MS);
    };
    signal?.addEventListener('abort', stop);
    return () => {
      signal?.removeEventListener('abort', stop);
      clearTimeout(timer);
    };
  }

  /**
   * Saves what the parameter servers have, through another session if necessary; if they are gone, returns the latest
   * checkpoint.
   */
  async #saveStopped(log: Log): Promise<string> {
    try {
      if (this.#session === undefined || this.#session.closed || !this.#isInitialized) {
        await this.#leave();
        const areThere = await this.#takeAsTheyAre({ options: { timeoutInMs: STOP_MS } });
        if (!areThere) return latestOfRun(this.resultDir) ?? '';
      }
      await this.#settle();
      const { step } = this;
      const checkpoint = await this.save(log);
      log(`Stopped after step ${step}; saved ${checkpoint}`);
      return checkpoint;
    } catch (error) {
      const latest = latestOfRun(this.resultDir);
      if (!(error instanceof TensorFlowError)) throw error;
      if (latest === null && this.step === 0) return ''; // nobody was there, and nothing is lost
      if (latest === null) throw error;
      log(`Stopped; what came after ${latest} is lost: ${firstLine(error)}`);
      return latest;
    }
  }

  /**
   * Saves and evaluates at the end. Repeats this if another worker has taken a step meanwhile, so that the evaluated
   * values are the saved ones.
   */
  async #conclude<S extends T['setName']>(log: Log, evaluateOn: readonly S[] | undefined) {
    for (let tries = MOST_CONCLUSIONS; ; tries--) {
      await this.#settle();
      const { step } = this;
      const checkpoint = await this.save(log);
      const evaluations = await this.evaluate(evaluateOn, log);
      await this.#countFromHere();
      if (this.step === step || tries === 1) return { checkpoint, evaluations };
    }
  }

  /** Waits until the other workers have ended their last steps. */
  async #settle(): Promise<void> {
    for (let before = -1, looks = 0; before !== this.step && looks < MOST_LOOKS; looks++) {
      before = this.step;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      await this.#countFromHere();
    }
  }

  #tellOfBegin(log: Log): void {
    log(describeThreads(this.session));
    if (this.config.debug) log(`Configuration: ${JSON.stringify(this.config)}`);
    if (this.#restored !== undefined) log(`Going on from ${this.#restored}`);
  }

  /**
   * Trains up to the last step, saving and evaluating on the way unless another task does that.
   *
   * @returns the loss of the last step
   */
  async #learn<S extends T['setName']>(data: T['data'], options: TrainOptions<S>): Promise<number> {
    const { saveEvery = 1000, evaluateOn, signal, log = console.log, onStep } = options;
    const { maxIter } = this.config;
    const saves = this.#membership?.isChief ?? true;
    const told = onStep && ((step: number, loss: number) => onStep(step, loss, this.#taken));
    let loss = Number.NaN;
    while (this.step < maxIter && !signal?.aborted) {
      const end = Math.min(maxIter, (Math.floor(this.step / saveEvery) + 1) * saveEvery);
      this.#saved = undefined;
      loss = await this.learnFromEpoch(data, { end, signal, log, onStep: told });
      if (saves && this.step >= end && this.step < maxIter) {
        await this.save(log);
        await this.evaluate(evaluateOn, log);
      }
    }
    return loss;
  }

  #flush(): Promise<unknown> {
    return Promise.all(Array.from(this.#writers.values(), (writer) => writer.flush())); // so that a plot of the run is complete from now on
  }

  /**
   * Saves the variables in the result folder, which keeps the last 50 checkpoints.
   *
   * @throws {FailedPreconditionError} when another training uses the result folder
   * @returns the prefix of the checkpoint, for `init`
   */
  save(log: Log = console.log): Promise<string> {
    return this.#inFolder(() => this.#save(log));
  }

  async #save(log: Log): Promise<string> {
    await this.initialized();
    const prefix = path.join(this.resultDir, CHECKPOINT_NAME);
    this.#saved = await this.#build().saver.save(this.session, prefix, { globalStep: this.step });
    if (this.config.debug) log(`Saved ${this.#saved}`);
    return this.#saved;
  }

  /**
   * The event writer of a subfolder of the result folder, created on first use.
   *
   * @param folder '' for the result folder itself
   */
  protected writer(folder: string): FileWriter {
    let writer = this.#writers.get(folder);
    if (writer === undefined) {
      // One event file with the graph is enough: TensorBoard shows it for the run that has it.
      const graph = this.#writers.size === 0 ? this.graph : undefined;
      writer = new FileWriter(path.join(this.#eventFolder(), folder), { graph });
      // Tells TensorBoard's Python reader that a run is resumed, so that it drops earlier events for these steps.
      writer.addSessionLog({ status: SessionStatus.START }, this.step + 1);
      this.#writers.set(folder, writer);
    }
    return writer;
  }

  /** The result folder, if the events of this process belong to the run. */
  #eventFolder(): string {
    if (this.#membership?.isChief ?? true) return this.resultDir;
    this.#unread ??= mkdtempSync(path.join(tmpdir(), 'tf-mechanics-worker-'));
    return this.#unread;
  }

  /** Writes remaining summaries, and frees the variables. The agent can't be used afterwards. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#writers.values(), (writer) => writer.close()));
    if (this.#unread !== undefined) await rm(this.#unread, { recursive: true, force: true });
    await this.#session?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Does something that writes in the result folder, while holding its lock. */
  async #inFolder<T>(
    work: () => Promise<T>,
    take = () => takeRunFolder(this.resultDir, this.#isNewFolder),
  ): Promise<T> {
    if (this.#hasFolder) return work();
    if (this.#membership?.isChief === false)
      throw new FailedPreconditionError('the chief of the cluster saves, and no other worker');
    const release = await take();
    this.#isNewFolder = false;
    this.#hasFolder = true;
    try {
      return await work();
    } finally {
      this.#hasFolder = false;
      release();
    }
  }

  get #class(): AgentClass<C> {
    return this.constructor as AgentClass<C>;
  }

  #build(): Built<G> {
    this.#built ??= this.#buildNew();
    return this.#built;
  }

  #buildNew(): Built<G> {
    this.setAgentProps();
    const graph = new Graph();
    const membership = this.#membership;
    const build = () => {
      setRandomSeed(this.config.randomSeed + this.workerNumber); // the chief's initial values are used
      const parts = this.buildGraph();
      const globalStep = graph
        .getCollection<Built<G>['globalStep']>(GraphKeys.GLOBAL_VARIABLES)
        .find(({ op }) => op.name === 'global_step');
      if (globalStep === undefined)
        throw new FailedPreconditionError(
          `the graph of ${this.#class.modelName} has no variable global_step: buildGraph makes one, for the optimizer to count up`,
        );
      return {
        graph,
        parts,
        initOp: globalVariablesInitializer(),
        saver: new Saver(null, { maxToKeep: 50 }),
        globalStep,
        missing: membership && reportUninitializedVariables(globalVariables()),
      };
    };
    return graph.asDefault(() => (membership === undefined ? build() : membership.within(build)));
  }

  /** Whether a checkpoint is in the result folder. */
  #isHere(checkpoint: string): boolean {
    return liesIn(this.resultDir, checkpoint);
  }

  #record(data: T['data']): Promise<void> {
    const { resultDir, ...config } = this.config;
    const { intraOp, interOp } = this.session.threads;
    const jumped = this.#restored !== undefined && !this.#isHere(this.#restored);
    const from = jumped ? this.#restored : readRunRecord(resultDir)?.from;
    return writeRunRecord(resultDir, {
      modelName: this.#class.modelName,
      config,
      data: this.describeData(data),
      from,
      threads: { intraOp, interOp },
      cluster: this.#membership?.described,
    });
  }
}

/** How long a stopped task may take to end its step, in milliseconds. */
const STOP_MS = 3000;
/** How long no worker takes a step before all count as ended, and how often the chief checks, in milliseconds. */
const LOOK_MS = 100;
const MOST_LOOKS = 50;

/** How often, at most, the end of a cluster training is saved and evaluated while others still take steps. */
const MOST_CONCLUSIONS = 3;

/** The first relevant line of an error: servers prefix a line with its origin. */
function firstLine(error: unknown): string {
  const [first = '', second] = messageOf(error).split('\n');
  return second !== undefined && /^From \/job:\S+:$/.test(first) ? `${first} ${second}` : first;
}

/** All keys of a model's configuration. */
export function keysOf({ commonKeys, keys }: Pick<AgentClass, 'commonKeys' | 'keys'>): Keys {
  return { ...commonKeys, ...keys };
}

function describeThreads({ threads: { intraOp, interOp, reason } }: Session): string {
  if (intraOp === 0) return `Session: ${reason}`; // a server's
  const intra = `${intraOp} thread${intraOp === 1 ? '' : 's'} an operation`;
  const inter = interOp === -1 ? "operations in the caller's thread" : `${interOp} operations at once`;
  return `Session: ${intra}, ${inter} (${reason})`;
}
