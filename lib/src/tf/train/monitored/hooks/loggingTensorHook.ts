import { shortestFloat } from '../../../../protos/textFormat';
import { checkObject, shown } from '../../../../runtime/arguments';
import { InvalidArgumentError } from '../../../../runtime/errors';
import * as logging from '../../../../runtime/logging';
import { onlyOptions } from '../../../../runtime/options';
import { type Graph, getDefaultGraph } from '../../../graph/graph';
import { Tensor } from '../../../graph/tensor';
import type { Fetched, Session } from '../../../session';
import { SecondOrStepTimer } from '../secondOrStepTimer';
import { SessionRunArgs, type SessionRunContext, SessionRunHook, type SessionRunValues } from '../sessionRunHook';

/** Tensors, or their names (`'loss'`, `'loss:0'`), by their names in the log line. */
type Named = Readonly<Record<string, Tensor | string>>;

/** Options of a {@link LoggingTensorHook}. */
export interface LoggingTensorHookOptions<T> {
  /** The interval in runs of this session; give either this or `everyNSecs`, unless `atEnd` is enough. */
  everyNIter?: number | null;
  /** The interval in seconds. */
  everyNSecs?: number | null;
  /**
   * Whether to log at the end too.
   *
   * @defaultValue `false`
   */
  atEnd?: boolean;
  /** Formats the line from the values by name, instead of `loss = 0.25, step = 100 (0.310 sec)`. */
  formatter?: (values: T) => string;
}

/** The values of named tensors. */
type ValuesOf<N extends Named> = { -readonly [K in keyof N]: Fetched<N[K]> };

/**
 * Logs values as a line of `tf.logging`: after the first run, and then at intervals of runs or seconds.
 *
 * @example
 * const hooks = [new tf.train.LoggingTensorHook({ loss }, { everyNIter: 100, formatter: (values) => `loss ${values.loss.toFixed(2)}` })];
 * const others = [new tf.train.LoggingTensorHook([loss, 'given/weights'], { everyNSecs: 10 })];
 */
export class LoggingTensorHook<const N extends Named = Record<string, Tensor | string>> extends SessionRunHook<Named> {
  readonly #named: Named;
  readonly #tags: readonly string[];
  /** Undefined if it logs only at the end. */
  readonly #timer: SecondOrStepTimer | undefined;
  readonly #formatter: ((values: ValuesOf<N>) => string) | undefined;
  readonly #atEnd: boolean;
  #tensors: Readonly<Record<string, Tensor>> = {};
  #iteration = 0;
  #isTriggered = false;

  /**
   * @param tensors an object of tensors by name, or an array of tensors, which are logged under their own names
   * @throws {InvalidArgumentError} when no interval is given, or two
   */
  constructor(tensors: N | readonly (Tensor | string)[], options: LoggingTensorHookOptions<ValuesOf<N>>) {
    super();
    checkObject('what is written', tensors);
    const {
      everyNIter = null,
      everyNSecs = null,
      atEnd = false,
      formatter,
    } = onlyOptions(options, {
      everyNIter: 'number | null',
      everyNSecs: 'number | null',
      atEnd: 'boolean',
      formatter: 'function',
    });
    const isArray = Array.isArray(tensors);
    this.#named = isArray ? Object.fromEntries(tensors.map((item) => [tagOf(item), item])) : (tensors as N);
    this.#tags = isArray ? tensors.map(tagOf) : Object.keys(tensors).sort();
    const onlyAtEnd = atEnd && everyNIter === null && everyNSecs === null;
    this.#timer = onlyAtEnd ? undefined : new SecondOrStepTimer({ everySecs: everyNSecs, everySteps: everyNIter });
    this.#formatter = formatter;
    this.#atEnd = atEnd;
  }

  override begin(): void {
    this.#timer?.reset();
    this.#iteration = 0;
    const graph = getDefaultGraph();
    this.#tensors = Object.fromEntries(
      Object.entries(this.#named).map(([tag, tensor]) => [tag, tensorOf(graph, tensor)]),
    );
  }

  override beforeRun(): SessionRunArgs<Named> | null {
    this.#isTriggered = this.#timer?.shouldTriggerForStep(this.#iteration) ?? false;
    return this.#isTriggered ? new SessionRunArgs<Named>(this.#tensors) : null;
  }

  override afterRun(_: SessionRunContext, { results }: SessionRunValues<Named>): void {
    if (this.#isTriggered) this.#log(results);
    this.#iteration++;
  }

  override async end(session: Session): Promise<void> {
    if (this.#atEnd) this.#log(await session.run(this.#tensors));
  }

  #log(values: Readonly<Record<string, unknown>>): void {
    const [seconds] = this.#timer?.updateLastTriggeredStep(this.#iteration) ?? [null];
    if (this.#formatter) {
      logging.info(this.#formatter(values as ValuesOf<N>));
      return;
    }
    const items = this.#tags.map((tag) => `${tag} = ${textOf(this.#tensors[tag]!, values[tag])}`);
    logging.info(items.join(', ') + (seconds === null ? '' : ` (${seconds.toFixed(3)} sec)`));
  }
}

function tagOf(item: Tensor | string): string {
  if (typeof item === 'string') return item;
  if (item instanceof Tensor) return item.name;
  throw new InvalidArgumentError(`what is written is a tensor, or the name of one, not ${shown(item)}`);
}

/** The tensor given directly, by name, or as the name of an operation with a single output. */
function tensorOf(graph: Graph, item: Tensor | string): Tensor {
  if (typeof item !== 'string' || item.includes(':'))
    return graph.asGraphElement(item, { allowOperation: false }) as Tensor;
  const { outputs } = graph.getOperationByName(item);
  if (outputs.length === 1) return outputs[0]!;
  throw new InvalidArgumentError(`'${item}' computes ${outputs.length} tensors: say which one, '${item}:0'`);
}

/** Formats a value as Python does; a float32 with as many digits as needed to identify it. */
function textOf({ dtype }: Tensor, value: unknown): string {
  return String(dtype === 'float32' && typeof value === 'number' ? shortestFloat(value) : value);
}
