/**
 * The parts of a training session besides the model: how to initialize it, how to check that it is ready, what to save
 * and to summarize.
 */
import { checkFunction, checkInstance, checkText } from '../../../runtime/arguments';
import { FailedPreconditionError } from '../../../runtime/errors';
import * as logging from '../../../runtime/logging';
import { onlyOptions } from '../../../runtime/options';
import { GraphKeys } from '../../graph/collections';
import { Graph, getDefaultGraph } from '../../graph/graph';
import { Operation } from '../../graph/operation';
import { Tensor } from '../../graph/tensor';
import { constant } from '../../ops/constants';
import { group, noOp } from '../../ops/control';
import { concat } from '../../ops/joining';
import { tablesInitializer } from '../../ops/tables';
import {
  globalVariables,
  globalVariablesInitializer,
  localVariablesInitializer,
  reportUninitializedVariables,
} from '../../ops/variables';
import type { Feeds, Session } from '../../session';
import { mergeAll } from '../../summary/builders';
import { Saver } from '../saver';

/** An operation to run, or a tensor to read, before training. */
export type ScaffoldOp = Operation | Tensor;

/** The parts of a {@link Scaffold} that are given; it finds or creates the others. */
export interface ScaffoldOptions {
  /** Gives the variables their initial values. */
  initOp?: ScaffoldOp;
  /** The feeds of `initOp`. */
  initFeedDict?: Feeds;
  /** Called after `initOp`, for what operations can't do; not called if a checkpoint was restored. */
  initFn?: (scaffold: Scaffold, session: Session) => void | Promise<void>;
  /** The names of the variables without a value: training begins when there are none. */
  readyOp?: ScaffoldOp;
  /** The names of the variables that `localInitOp` needs and that have no value. */
  readyForLocalInitOp?: ScaffoldOp;
  /** Gives local variables their values, in every session, restored or not. */
  localInitOp?: ScaffoldOp;
  /** The feeds of `localInitOp`. */
  localInitFeedDict?: Feeds;
  /** All summaries, merged. */
  summaryOp?: Tensor<'string'>;
  /** Saves and restores. */
  saver?: Saver;
  /** Another scaffold, which provides the parts that aren't given. */
  copyFromScaffold?: Scaffold;
}

/**
 * The parts with which a monitored session is initialized, restored after a loss, and saved. Parts that aren't given
 * are taken from the graph's collections (`GraphKeys.INIT_OP`, `READY_OP`, `LOCAL_INIT_OP`, `SUMMARY_OP`, `SAVERS` …)
 * when the session is created, or built and added there, with the same nodes as in Python.
 *
 * @example
 * const scaffold = new tf.train.Scaffold({ saver: new tf.train.Saver({ maxToKeep: 20 }), initFn: () => console.log('from the beginning') });
 * await using training = await tf.train.MonitoredTrainingSession({ scaffold });
 */
export class Scaffold {
  #pieces: Omit<ScaffoldOptions, 'copyFromScaffold'>;

  /** @throws {InvalidArgumentError} when a part is of the wrong kind */
  constructor(options: ScaffoldOptions = {}) {
    const { copyFromScaffold, ...pieces } = onlyOptions(options, {
      initOp: 'any',
      initFeedDict: 'any',
      initFn: 'function',
      readyOp: 'any',
      readyForLocalInitOp: 'any',
      localInitOp: 'any',
      localInitFeedDict: 'any',
      summaryOp: 'any',
      saver: 'any',
      copyFromScaffold: 'any',
    });
    if (copyFromScaffold) checkInstance('copyFromScaffold', copyFromScaffold, Scaffold);
    const copied = copyFromScaffold ? copyFromScaffold.#pieces : {};
    const given = Object.fromEntries(Object.entries(pieces).filter(([, piece]) => piece != null));
    this.#pieces = { ...copied, ...given };
    const { initFn, saver, summaryOp } = this.#pieces;
    if (initFn) checkFunction('initFn', initFn);
    if (saver) checkInstance('the saver of a scaffold', saver, Saver);
    if (summaryOp) checkInstance('summaryOp', summaryOp, Tensor);
    for (const name of ['initOp', 'readyOp', 'readyForLocalInitOp', 'localInitOp'] as const) {
      const op = this.#pieces[name];
      if (op !== undefined && !(op instanceof Tensor)) checkInstance(name, op, Operation);
    }
  }

  /**
   * Finds or creates the missing parts, and finalizes the graph. A monitored session calls this itself.
   *
   * @param graph the graph of the session, by default the default graph
   * @throws {FailedPreconditionError} when a collection contains several candidates
   */
  finalize(graph: Graph = getDefaultGraph()): this {
    checkInstance('what a scaffold finalizes', graph, Graph);
    graph.asDefault(() => {
      const pieces = this.#pieces;
      pieces.initOp ??= Scaffold.getOrDefault('initOp', GraphKeys.INIT_OP, () =>
        group([globalVariablesInitializer(), noOp({ name: 'init' })]),
      );
      pieces.readyOp ??= Scaffold.getOrDefault('readyOp', GraphKeys.READY_OP, () =>
        withoutResources(reportUninitializedVariables()),
      );
      pieces.readyForLocalInitOp ??= Scaffold.getOrDefault(
        'readyForLocalInitOp',
        GraphKeys.READY_FOR_LOCAL_INIT_OP,
        () => withoutResources(reportUninitializedVariables(globalVariables())),
      );
      pieces.localInitOp ??= Scaffold.getOrDefault('localInitOp', GraphKeys.LOCAL_INIT_OP, () =>
        Scaffold.defaultLocalInitOp(),
      );
      pieces.summaryOp ??= Scaffold.getOrDefault('summaryOp', GraphKeys.SUMMARY_OP, () =>
        graph.getCollection(GraphKeys.SUMMARIES).length > 0 ? mergeAll() : undefined,
      );
      pieces.saver ??= Scaffold.getOrDefault('saver', GraphKeys.SAVERS, () =>
        globalVariables().length > 0 ? new Saver({ sharded: true }) : undefined,
      );
    });
    if (!graph.finalized) graph.finalize();
    logging.info('Graph was finalized.');
    return this;
  }

  /** Gives the variables their initial values; null before `finalize`, unless it was given. */
  get initOp(): ScaffoldOp | null {
    return this.#pieces.initOp ?? null;
  }

  /** The feeds of `initOp`. */
  get initFeedDict(): Feeds | null {
    return this.#pieces.initFeedDict ?? null;
  }

  /** Called after `initOp`, for what operations can't do. */
  get initFn(): ((session: Session) => void | Promise<void>) | null {
    const { initFn } = this.#pieces;
    return initFn ? (session) => initFn(this, session) : null;
  }

  /** The names of the variables without a value; null before `finalize`, unless it was given. */
  get readyOp(): ScaffoldOp | null {
    return this.#pieces.readyOp ?? null;
  }

  /**
   * The names of the variables that `localInitOp` needs and that have no value; null before `finalize`, unless it was
   * given.
   */
  get readyForLocalInitOp(): ScaffoldOp | null {
    return this.#pieces.readyForLocalInitOp ?? null;
  }

  /** Gives local variables their values; null before `finalize`, unless it was given. */
  get localInitOp(): ScaffoldOp | null {
    return this.#pieces.localInitOp ?? null;
  }

  /** The feeds of `localInitOp`. */
  get localInitFeedDict(): Feeds | null {
    return this.#pieces.localInitFeedDict ?? null;
  }

  /** All summaries, merged; null before `finalize` unless it was given, and if the graph has none. */
  get summaryOp(): Tensor<'string'> | null {
    return this.#pieces.summaryOp ?? null;
  }

  /** Saves and restores; null before `finalize` unless it was given, and if the graph has no variables. */
  get saver(): Saver | null {
    return this.#pieces.saver ?? null;
  }

  /**
   * The content of a collection of the default graph. If it is empty, the result of `make`, which is added to it.
   *
   * @param argument the scaffold's option that selects one, for the error message
   * @throws {FailedPreconditionError} when the collection has several
   *
   * @example
   * tf.train.Scaffold.getOrDefault('initOp', tf.GraphKeys.INIT_OP, () => tf.globalVariablesInitializer());
   */
  static getOrDefault<T>(argument: string, collection: string, make: () => T): T {
    checkText('the name of an option', argument);
    checkFunction('what makes an item', make);
    const found = getDefaultGraph().getCollection<T>(collection);
    if (found.length > 1)
      throw new FailedPreconditionError(
        `the collection '${collection}' has ${found.length} items; say which one to use: new tf.train.Scaffold({ ${argument} })`,
      );
    if (found.length === 1) return found[0]!;
    const made = make();
    if (made != null) getDefaultGraph().addToCollection(collection, made);
    return made;
  }

  /**
   * The default `localInitOp`: initializes local variables and fills tables.
   *
   * @example
   * const localInitOp = tf.group([tf.train.Scaffold.defaultLocalInitOp(), weights.initializer]);
   */
  static defaultLocalInitOp(): Operation {
    return group([localVariablesInitializer(), tablesInitializer(), noOp({ name: 'init' })]);
  }
}

/**
 * The names of uninitialized variables, followed by those of uninitialized resources, of which this library has none:
 * Python's graph has both.
 */
function withoutResources(names: Tensor<'string', 'array'>): Tensor<'string', 'array'> {
  const graph = names.graph;
  const resources = graph.nameScope('report_uninitialized_resources', () =>
    graph.device('/device:CPU:0', () => constant([], { dtype: 'string' })),
  );
  return concat([names, resources], 0);
}
