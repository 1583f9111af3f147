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

/** Tensors, or their names (`'loss'`, `'loss:0'`), by what they are called in the line. */
type Named = Readonly<Record<string, Tensor | string>>;

/** When a {@link LoggingTensorHook} writes, and what. */
export interface LoggingTensorHookOptions<T> {
  /** Once in so many runs of this session; this or `everyNSecs`, unless `atEnd` is enough. */
  everyNIter?: number | null;
  /** Once in so many seconds. */
  everyNSecs?: number | null;
  /**
   * Whether at the end, too.
   *
   * @defaultValue `false`
   */
  atEnd?: boolean;
  /** Makes the line of the values by their names, in place of `loss = 0.25, step = 100 (0.310 sec)`. */
  formatter?: (values: T) => string;
}

/** The values of named tensors. */
type ValuesOf<N extends Named> = { -readonly [K in keyof N]: Fetched<N[K]> };

/**
 * Writes values as a line of `tf.logging`: those of the first run, and then once in so many runs or seconds.
 *
 * @example
 * const hooks = [new tf.train.LoggingTensorHook({ loss }, { everyNIter: 100, formatter: (values) => `loss ${values.loss.toFixed(2)}` })];
 * const others = [new tf.train.LoggingTensorHook([loss, 'given/weights'], { everyNSecs: 10 })];
 */
export class LoggingTensorHook<const N extends Named = Record<string, Tensor | string>> extends SessionRunHook<Named> {
  readonly #named: Named;
  readonly #tags: readonly string[];
  /** None where it writes at the end only. */
  readonly #timer: SecondOrStepTimer | undefined;
  readonly #formatter: ((values: ValuesOf<N>) => string) | undefined;
  readonly #atEnd: boolean;
  #tensors: Readonly<Record<string, Tensor>> = {};
  #iteration = 0;
  #isTriggered = false;

  /**
   * @param tensors by what they are called, or an array of them, called by their own names
   * @throws {InvalidArgumentError} when it isn't said how often, or in two ways
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

/** A tensor, its name, or the name of an operation that computes just one. */
function tensorOf(graph: Graph, item: Tensor | string): Tensor {
  if (typeof item !== 'string' || item.includes(':'))
    return graph.asGraphElement(item, { allowOperation: false }) as Tensor;
  const { outputs } = graph.getOperationByName(item);
  if (outputs.length === 1) return outputs[0]!;
  throw new InvalidArgumentError(`'${item}' computes ${outputs.length} tensors: say which one, '${item}:0'`);
}

/** A value as Python prints it; of a float32 as many digits as tell it from every other. */
function textOf({ dtype }: Tensor, value: unknown): string {
  return String(dtype === 'float32' && typeof value === 'number' ? shortestFloat(value) : value);
}
