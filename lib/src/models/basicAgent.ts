/** What every model is: a configuration, a graph that is built from it, and a life from initialization to the last checkpoint. */
import { randomInt } from 'node:crypto';
import path from 'node:path';
import { sample } from '../hyperparameters/space';
import { SessionStatus } from '../protos';
import { checkFunction } from '../runtime/arguments';
import { FailedPreconditionError, UnimplementedError } from '../runtime/errors';
import { onlyOptions } from '../runtime/options';
import { GraphKeys } from '../tf/graph/collections';
import { Graph } from '../tf/graph/graph';
import type { Operation } from '../tf/graph/operation';
import { setRandomSeed } from '../tf/ops/random';
import { globalVariablesInitializer, type Variable } from '../tf/ops/variables';
import { Session } from '../tf/session';
import { FileWriter } from '../tf/summary';
import { liesIn } from '../tf/train/checkpointFiles';
import { Saver } from '../tf/train/saver';
import { type BasicConfig, type Complete, commonKeys, type Keys, parseConfig } from './configuration';
import {
  CHECKPOINT_NAME,
  checkpointsOfRun,
  latestOfRun,
  newRunFolder,
  readRunRecord,
  takeRunFolder,
  writeRunRecord,
} from './runFolder';

/** Takes the lines that a program prints. */
export type Log = (line: string) => void;

/** What {@link BasicAgent.learnFromEpoch} is told. */
export interface EpochOptions {
  /** The step to stop at, be the epoch over or not. */
  readonly end: number;
  /** Stops at a step's end. */
  readonly signal?: AbortSignal;
  readonly log: Log;
  /** Told of progress some times a second. */
  readonly onStep?: (step: number, loss: number) => void;
}

/** The usual sets of examples. */
export type SetName = 'train' | 'validation' | 'test';

/** How to train. */
export interface TrainOptions<S extends string = SetName> {
  /**
   * Save and evaluate after so many steps, and at the end.
   *
   * @defaultValue `1000`
   */
  saveEvery?: number;
  /** The sets to evaluate on at these moments; all. */
  evaluateOn?: readonly S[];
  /** Stops training at a step's end; the state is saved. */
  signal?: AbortSignal;
  /**
   * Takes the lines that training prints.
   *
   * @defaultValue `console.log`
   */
  log?: Log;
  /** Told of progress some times a second. */
  onStep?: (step: number, loss: number) => void;
}

/** What a training has come to. */
export interface TrainingResult<S extends string = SetName, E extends Evaluation = Evaluation> {
  /** Steps taken, those of earlier runs included. */
  readonly step: number;
  /** The loss of the last step of this run; NaN if it took none. */
  readonly loss: number;
  /** Whether `signal` stopped it. */
  readonly stopped: boolean;
  /** The last checkpoint. */
  readonly checkpoint: string;
  /** The evaluations at the end; undefined when it was stopped. */
  readonly evaluations?: Readonly<Record<S, E>>;
}

/** What a model has come to on a set of examples. */
export interface Evaluation {
  readonly numExamples: number;
  /** The mean loss. */
  readonly loss: number;
  /** What else is measured, by its name. */
  readonly [metric: string]: number;
}

/**
 * What a model is for, in types: what it learns from, is evaluated on, is asked and answers.
 *
 * @typeParam S the names of the sets of examples
 *
 * @example
 * interface Prices extends models.Task {
 *   data: { houses: tf.HostArray<'float32'>; prices: tf.HostArray<'float32'> };
 *   input: readonly (readonly number[])[];
 *   prediction: number;
 * }
 */
export interface Task<S extends string = SetName> {
  /** What is prepared for training, such as the examples. */
  readonly data: unknown;
  /** The names of the sets of examples. */
  readonly setName: S;
  /** What an evaluation on one of them gives. */
  readonly evaluation: Evaluation;
  /** Examples to answer for. */
  readonly input: unknown;
  /** The answer for one of them. */
  readonly prediction: unknown;
}

/** Examples out of a file. */
export interface FileExamples<I> {
  /** As `infer` takes them. */
  readonly examples: I;
  /** In words, what was done to them; undefined where they are as the file has them. */
  readonly preparation?: string | undefined;
  /** What may be wrong with them, in sentences without a point. */
  readonly warnings?: readonly string[];
  /** One of them as a text for people to see. */
  readonly show?: (index: number) => string;
}

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
  /** Steps taken, those before the checkpoint included. */
  protected step = 0;
  #built: Built<G> | undefined;
  #session: Session | undefined;
  /** By the folder within the result folder. */
  readonly #writers = new Map<string, FileWriter>();
  /** Whether the result folder is a new one, which is still to be made. */
  #isNewFolder: boolean;
  /** Whether the result folder is taken for this agent. */
  #hasFolder = false;
  #isInitialized = false;
  /** The checkpoint that the variables were restored from. */
  #restored: string | undefined;
  /** The checkpoint of the result folder that has the variables as they are now. */
  #saved: string | undefined;

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
    const drawn = sample(searchSpace, seed) as Partial<C>;
    return parseConfig<C>(modelName, { ...commonKeys, ...keys }, { randomSeed: seed, ...drawn, ...fixedParams });
  }

  /** Where summaries and checkpoints go. */
  get resultDir(): string {
    return this.config.resultDir;
  }

  /** The graph, built at the first look. */
  get graph(): Graph {
    return this.#build().graph;
  }

  /** The session that has the variables' values. */
  get session(): Session {
    const { deterministic } = this.config;
    const config = deterministic ? { intraOpParallelismThreads: 1, interOpParallelismThreads: -1 } : {};
    this.#session ??= new Session({ graph: this.graph, config });
    return this.#session;
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
   * it is the latest of the result folder, and `null` is for none.
   *
   * @throws {NotFoundError} when there is no such checkpoint
   * @throws {InvalidArgumentError} when it is one of another model
   */
  async init(options: { checkpoint?: string | null } = {}): Promise<void> {
    const { checkpoint: chosen } = onlyOptions(options, ['checkpoint']);
    const { initOp, saver, globalStep } = this.#build();
    const checkpoint = chosen === undefined ? latestOfRun(this.resultDir) : chosen;
    if (checkpoint === null) {
      await this.session.run(initOp);
    } else {
      await saver.restore(this.session, checkpoint);
    }
    saver.recoverLastCheckpoints(checkpointsOfRun(this.resultDir));
    this.step = Number(await this.session.run(globalStep));
    this.#restored = checkpoint ?? undefined;
    this.#saved = checkpoint !== null && this.#isHere(checkpoint) ? checkpoint : undefined;
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
    onlyOptions(options, ['saveEvery', 'evaluateOn', 'signal', 'log', 'onStep']);
    const data = await this.prepare(options.log ?? console.log); // first: without data there is no run, and no folder of it
    return this.#inFolder(() => this.#train(data, options));
  }

  async #train<S extends T['setName']>(
    data: T['data'],
    options: TrainOptions<S>,
  ): Promise<TrainingResult<S, T['evaluation']>> {
    const { saveEvery = 1000, evaluateOn, signal, log = console.log, onStep } = options;
    const { maxIter, debug } = this.config;
    await this.initialized();
    log(describeThreads(this.session));
    if (debug) log(`Configuration: ${JSON.stringify(this.config)}`);
    if (this.#restored !== undefined) log(`Going on from ${this.#restored}`);
    await this.#record(data);

    let loss = Number.NaN;
    while (this.step < maxIter && !signal?.aborted) {
      const end = Math.min(maxIter, (Math.floor(this.step / saveEvery) + 1) * saveEvery);
      this.#saved = undefined;
      loss = await this.learnFromEpoch(data, { end, signal, log, onStep });
      if (this.step === end && end < maxIter) {
        await this.save(log);
        await this.evaluate(evaluateOn, log);
      }
    }
    onStep?.(this.step, loss);
    const checkpoint = this.#saved ?? (await this.save(log));
    const stopped = signal?.aborted ?? false;
    if (stopped) log(`Stopped after step ${this.step}; saved ${checkpoint}`);
    const evaluations = stopped ? undefined : await this.evaluate(evaluateOn, log);
    await Promise.all(Array.from(this.#writers.values(), (writer) => writer.flush())); // who plots the run now sees all of it
    return { step: this.step, loss, stopped, checkpoint, evaluations };
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
      writer = new FileWriter(path.join(this.resultDir, folder), { graph });
      // By this, TensorBoard's reader in Python knows that a run goes on, and drops what was written for these steps before.
      writer.addSessionLog({ status: SessionStatus.START }, this.step + 1);
      this.#writers.set(folder, writer);
    }
    return writer;
  }

  /** Writes what is left of summaries, and frees the variables. Nothing can be done with the agent then. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#writers.values(), (writer) => writer.close()));
    await this.#session?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Does something that writes in the result folder, with nobody else at work there. */
  async #inFolder<T>(work: () => Promise<T>): Promise<T> {
    if (this.#hasFolder) return work();
    const release = await takeRunFolder(this.resultDir, this.#isNewFolder);
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
    return graph.asDefault(() => {
      setRandomSeed(this.config.randomSeed);
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
      };
    });
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
    });
  }
}

/** All keys of a model's configuration. */
export function keysOf({ commonKeys, keys }: Pick<AgentClass, 'commonKeys' | 'keys'>): Keys {
  return { ...commonKeys, ...keys };
}

function describeThreads({ threads: { intraOp, interOp, reason } }: Session): string {
  const intra = `${intraOp} thread${intraOp === 1 ? '' : 's'} an operation`;
  const inter = interOp === -1 ? "operations in the caller's thread" : `${interOp} operations at once`;
  return `Session: ${intra}, ${inter} (${reason})`;
}
