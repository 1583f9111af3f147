/** What every model is: a configuration, a graph that is built from it, and a life from initialization to the last checkpoint. */
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

/** A model as a class: what {@link makeModel} needs of it. */
export interface AgentClass<C extends BasicConfig = BasicConfig> {
  new (config?: Partial<C>): BasicAgent<C>;
  /** The name that it is registered under. */
  readonly modelName: string;
  /** The keys of the configuration that all models of its kind have. */
  readonly commonKeys: Keys;
  /** Its own keys of the configuration. */
  readonly keys: Keys;
  /** The space in which a search looks for hyperparameters: of some keys, what their values are drawn from. */
  readonly searchSpace: object;
  /** What a search compares trials by besides the loss, and whether the greatest value is best or the least. */
  readonly metrics: Readonly<Record<string, 'max' | 'min'>>;
  /** The keys that say which data there is: those that may be others when a trained model is evaluated. */
  readonly dataKeys: readonly string[];
  /** The best hyperparameters known. */
  getBestConfig(): Partial<C>;
  /** A configuration with hyperparameters drawn at random. */
  getRandomConfig(fixedParams: Partial<C>, seed: number): C;
}

/** A graph, and what belongs to the whole of it. */
interface Built<G> {
  readonly graph: Graph;
  readonly parts: G;
  readonly initOp: Operation;
  readonly saver: Saver;
  readonly globalStep: Variable<'int32' | 'int64', 'scalar'>;
  /** The names of the variables without values, in a cluster. */
  readonly missing: Tensor | undefined;
}

/**
 * A model with one configuration, in a folder of its own.
 *
 * A class of a model declares its keys, and says how its graph is built and how it learns. The graph is built, and the session made,
 * when they are first needed: so a class may have fields like any other.
 *
 * @typeParam C its configuration
 * @typeParam G what its `buildGraph` hands to its other methods
 * @typeParam T what it is for
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
  /** The keys that every model has; a class for models of one kind adds what these have in common. */
  static readonly commonKeys: Keys = commonKeys;
  /** What a search compares trials by besides the loss: nothing, unless a class says. */
  static readonly metrics: AgentClass['metrics'] = {};
  /** The keys that say which data there is: those that may be others when a trained model is evaluated; none, unless a class says. */
  static readonly dataKeys: readonly string[] = [];

  /** The whole configuration, which nobody else has and nobody can change. */
  readonly config: Complete<C>;
  #step = 0;
  #place: Place | undefined;
  /** Its part in a cluster. */
  #membership: Membership | undefined;
  #built: Built<G> | undefined;
  #session: Session | undefined;
  /** By the folder within the result folder. */
  readonly #writers = new Map<string, FileWriter>();
  /** Whether the result folder is a new one, which is still to be made. */
  #isNewFolder: boolean;
  /** Whether the result folder is taken for this agent. */
  #hasFolder = false;
  #isInitialized = false;
  /** How many steps this process has taken. */
  #taken = 0;
  /** The checkpoint that the variables were restored from. */
  #restored: string | undefined;
  /** The checkpoint of the result folder that has the variables as they are now. */
  #saved: string | undefined;
  /** The folder in which a task of a cluster writes events that nobody reads, since the chief writes them. */
  #unread: string | undefined;

  /**
   * @param config what differs from the defaults of the keys, or with `best` from the best configuration known
   * @throws {InvalidArgumentError} when a key is unknown, or its value can't be right
   */
  constructor(config: Partial<C> = {}) {
    const { modelName } = this.#class;
    const known = config?.best ? this.#class.getBestConfig() : {};
    const parsed = parseConfig<C>(modelName, keysOf(this.#class), config, known);
    const { randomSeed = randomInt(2 ** 31), resultDir = newRunFolder(modelName) } = parsed;
    this.#isNewFolder = parsed.resultDir === undefined;
    this.config = Object.freeze({ ...parsed, randomSeed, resultDir });
  }

  /** The best hyperparameters known, which `best` takes; none, unless a class says. */
  static getBestConfig(): Partial<BasicConfig> {
    return {};
  }

  /**
   * A configuration whose hyperparameters are drawn from the class's search space. The same arguments give the same configuration.
   *
   * @param fixedParams values that aren't drawn
   * @param seed decides what is drawn, and is the configuration's `randomSeed` unless that is fixed
   * @throws {InvalidArgumentError} when a fixed value can't be right
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

  /** Where summaries and checkpoints go. */
  get resultDir(): string {
    return this.config.resultDir;
  }

  /**
   * Steps taken, those before the checkpoint included. In a cluster they are those of all workers, as of this one's last run: nothing
   * that is assigned changes them.
   */
  protected get step(): number {
    return this.#step;
  }

  protected set step(step: number) {
    if (this.#membership !== undefined) return;
    this.#taken += step - this.#step;
    this.#step = step;
  }

  /** Whether the session runs on a server: then a run is better awaited, since others have something to do meanwhile. */
  protected get isRemote(): boolean {
    return this.#place !== undefined;
  }

  /** Whether other workers take steps, too. */
  protected get isTogether(): boolean {
    return this.#membership !== undefined;
  }

  /** The number of this process among those that train the model, 0 for the only one or the chief: each is to see the data in an order of its own. */
  protected get workerNumber(): number {
    return this.#membership?.number ?? 0;
  }

  /**
   * Has the session run on a TensorFlow server; with a `task`, the model learns with the other tasks of a cluster. Each of them calls
   * `train`: variables are on the parameter servers, steps are counted together, and the chief alone initializes, saves, evaluates and
   * writes summaries, while the others wait for it, before the first step and after a server was lost.
   *
   * @throws {FailedPreconditionError} when the graph is built already, or the task isn't one that learns
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

  /** The graph, built at the first look. */
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

  /** What `buildGraph` made. */
  protected get parts(): G {
    return this.#build().parts;
  }

  /** For classes that derive properties from the configuration: called once, before the graph is built. */
  protected setAgentProps(): void {}

  /**
   * Builds the graph, in the default graph: at least variables and `global_step`, which the operation that trains counts up.
   *
   * @returns what the other methods need of it
   */
  protected abstract buildGraph(): G;

  /**
   * Gets ready to train, before anything is written.
   *
   * @returns what training needs, such as the examples
   */
  protected abstract prepare(log: Log): Promise<T['data']>;

  /** What `config.json` shall say of what was prepared. */
  protected abstract describeData(data: T['data']): Record<string, unknown>;

  /**
   * Trains to the end of an epoch, one pass over the data, or to the step `end` if that comes first; counts `step` up.
   *
   * @param data what was prepared
   * @returns the loss of the last step
   * @throws {FailedPreconditionError} when the loss is no number any more
   */
  protected abstract learnFromEpoch(data: T['data'], options: EpochOptions): Promise<number>;

  /**
   * What the model has come to on some sets.
   *
   * @param sets all by default
   * @param log takes lines that say so
   *
   * @example
   * const { validation } = await agent.evaluate(['validation']);
   */
  abstract evaluate<S extends T['setName'] = T['setName']>(
    sets?: readonly S[],
    log?: Log,
  ): Promise<Record<S, T['evaluation']>>;

  /**
   * What the model makes of examples.
   *
   * @throws {InvalidArgumentError} when they are none that it takes
   */
  abstract infer(examples: T['input']): Promise<T['prediction'][]>;

  /**
   * The examples in a file, as {@link infer} takes them: by this, the command line is asked about files. No model reads any, unless its
   * class says how.
   *
   * @throws {UnimplementedError} when the class doesn't
   */
  async readExamples(file: string): Promise<FileExamples<T['input']>> {
    throw new UnimplementedError(
      `${this.#class.modelName} reads no files, such as ${file}: its class has no readExamples`,
    );
  }

  /**
   * What the model takes and gives, for programs that have it without this class: tensors of its graph by their names there. By this, it is
   * exported. No model is, unless its class says what it takes.
   *
   * @throws {UnimplementedError} when the class doesn't
   */
  protected signature(): ModelSignature {
    throw new UnimplementedError(
      `${this.#class.modelName} can't be exported: its class has no signature(), which says what it takes and gives`,
    );
  }

  /**
   * Writes the model for programs that have nothing of this library, with what it has learned: as a SavedModel, as one frozen graph, or for
   * TensorFlow.js. Either all of it is written, or nothing.
   *
   * @param folder one that is empty, or isn't there
   * @returns the path of the file that such programs are told, or of the folder where they are told that
   * @throws {AlreadyExistsError} when there is something in the folder: with `overwrite`, something else than an exported model
   * @throws {UnimplementedError} when the class doesn't say what the model takes and gives, or TensorFlow.js can't run what it needs
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
   * Gets the data ready as for a training, and says what is there.
   *
   * @param log takes the lines that say so on the way
   * @returns what `config.json` says of the data after a training
   *
   * @example
   * const { examples } = await agent.checkData();
   */
  async checkData(log: Log = console.log): Promise<Record<string, unknown>> {
    checkFunction('log', log);
    return this.describeData(await this.prepare(log));
  }

  /**
   * Gives the variables their values: those of a checkpoint, or initial ones where there is none. Other methods call this where it
   * wasn't called; after `init({ checkpoint })` training goes on from there. A checkpoint is the prefix of one, in any folder; by default
   * it is the latest of the result folder, or else the one that its {@link Place} says, and `null` is for none.
   *
   * @throws {NotFoundError} when there is no such checkpoint
   * @throws {InvalidArgumentError} when it is one of another model
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

  /** Takes the variables as they are. */
  async #countFromHere(): Promise<void> {
    const { globalStep } = this.#build();
    this.#step = Number(await this.session.run(globalStep));
    this.#isInitialized = true;
  }

  /** Does what `init()` does, unless that was done. */
  protected async initialized(): Promise<void> {
    if (!this.#isInitialized) await this.init();
  }

  /**
   * Trains up to the configuration's `maxIter`, from the latest checkpoint of the result folder on if there is one. The folder is this
   * agent's meanwhile.
   *
   * @throws {FailedPreconditionError} when another training works in the result folder, in this process or another
   * @throws {TensorFlowError} when that can't be made, or written to: after the cause is removed, training goes on from the last save
   * @throws {FailedPreconditionError} when the loss is no number any more: the model has diverged
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
    const data = await this.prepare(options.log ?? console.log); // first: without data there is no run, and no folder of it
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

  /** What {@link #train} does, as a task of a cluster: whenever a server was lost, it begins anew with what there is. */
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

  /** Has the variables' values given, or waits until the chief has. */
  async #join(membership: Membership, isFirst: boolean, signal: AbortSignal | undefined): Promise<void> {
    if (!membership.isChief) await this.#waitForChief(signal);
    else if (!this.#isInitialized && !(isFirst && this.#place?.goesOn && (await this.#takeAsTheyAre()))) {
      const latest = latestOfRun(this.resultDir) ?? this.#restored; // where none is saved yet, what it began with
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

  /** Takes the variables as they are on the parameter servers, if all have values. */
  async #takeAsTheyAre(parameters: RunParameters = {}): Promise<boolean> {
    const { data } = (await this.session.run(this.#build().missing!, [], parameters)) as HostArray<'string'>;
    if (data.length > 0) return false;
    await this.#countFromHere();
    return true;
  }

  /** Gives up the session, which another can take the place of. */
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

  /** Saves what the parameter servers have, be it by another session; the latest checkpoint where they are gone. */
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

  /** Saves and evaluates at the end; again where another worker has still taken a step meanwhile, so that what is evaluated is what is saved. */
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
   * Learns up to the last step, and saves and evaluates on the way, unless that is another's.
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
    return Promise.all(Array.from(this.#writers.values(), (writer) => writer.flush())); // who plots the run now sees all of it
  }

  /**
   * Saves the variables in the result folder, which keeps the last 50 checkpoints.
   *
   * @throws {FailedPreconditionError} when another training works in the result folder
   * @returns the prefix of the checkpoint, as `init` takes it
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
   * The writer of the events in a folder within the result folder, made when it is first asked for.
   *
   * @param folder '' for the result folder itself
   */
  protected writer(folder: string): FileWriter {
    let writer = this.#writers.get(folder);
    if (writer === undefined) {
      // One event file with the graph is enough: TensorBoard shows it for the run that has it.
      const graph = this.#writers.size === 0 ? this.graph : undefined;
      writer = new FileWriter(path.join(this.#eventFolder(), folder), { graph });
      // By this, TensorBoard's reader in Python knows that a run goes on, and drops what was written for these steps before.
      writer.addSessionLog({ status: SessionStatus.START }, this.step + 1);
      this.#writers.set(folder, writer);
    }
    return writer;
  }

  /** The result folder, where the events of this process are those of the run. */
  #eventFolder(): string {
    if (this.#membership?.isChief ?? true) return this.resultDir;
    this.#unread ??= mkdtempSync(path.join(tmpdir(), 'tf-mechanics-worker-'));
    return this.#unread;
  }

  /** Writes what is left of summaries, and frees the variables. Nothing can be done with the agent then. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#writers.values(), (writer) => writer.close()));
    if (this.#unread !== undefined) await rm(this.#unread, { recursive: true, force: true });
    await this.#session?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Does something that writes in the result folder, with nobody else at work there. */
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
      setRandomSeed(this.config.randomSeed + this.workerNumber); // of initial values, the chief's are taken
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

  /** Whether a checkpoint is one of the result folder. */
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

/** For so long a task that is stopped has to end its step, in milliseconds. */
const STOP_MS = 3000;
/** How long no worker takes a step where all have ended, and how often the chief looks. */
const LOOK_MS = 100;
const MOST_LOOKS = 50;

/** How often the end of a training of several is saved and evaluated at most, while others still take steps. */
const MOST_CONCLUSIONS = 3;

/** What an error says in a line: servers put a line before it that says where it is from. */
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
