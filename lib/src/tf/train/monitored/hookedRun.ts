/** Runs of a session in which hooks take part. */
import { FailedPreconditionError, InvalidArgumentError } from '../../../runtime/errors';
import {
  type FeedKey,
  type Feeds,
  type Fetched,
  type Fetches,
  RunMetadata,
  type RunOptions,
  type RunParameters,
  type Session,
} from '../../session';
import { traceLevelNumber } from '../../session/config';
import { type SessionHook, SessionRunArgs, SessionRunContext, SessionRunValues } from './sessionRunHook';

/** A session whose runs call hooks. */
export class HookedSession {
  #shouldStop = false;

  constructor(
    readonly session: Session,
    readonly hooks: readonly SessionHook[],
  ) {}

  /** Whether a hook has requested a stop. */
  get shouldStop(): boolean {
    return this.#shouldStop;
  }

  /**
   * A single run of everything that the caller and the hooks request.
   *
   * @throws {FailedPreconditionError} when a hook has requested a stop
   * @throws {InvalidArgumentError} when two of them feed the same tensor
   */
  async run<const F extends Fetches>(fetches: F, feeds: Feeds, parameters: RunParameters): Promise<Fetched<F>> {
    if (this.#shouldStop)
      throw new FailedPreconditionError('this session was asked to stop: look at session.shouldStop() before each run');
    const { session } = this;
    const context = new SessionRunContext(new SessionRunArgs(fetches, feeds, parameters.options), session);
    const requests: (SessionRunArgs | null)[] = [];
    for (const hook of this.hooks) requests.push((await hook.beforeRun?.(context)) ?? null);

    const options = mergedOptions([parameters.options, ...requests.map((request) => request?.options)]);
    const traced = options?.traceLevel !== undefined || options?.outputPartitionGraphs;
    const runMetadata = parameters.runMetadata ?? (traced ? new RunMetadata() : undefined);
    const { caller, hooks } = await session.run(
      { caller: fetches, hooks: requests.map((request) => request?.fetches ?? []) },
      mergedFeeds(feeds, requests),
      { ...parameters, options, runMetadata },
    );

    for (const [i, hook] of this.hooks.entries()) {
      const results = requests[i]?.fetches == null ? null : (hooks[i] as never);
      await hook.afterRun?.(context, new SessionRunValues(results, options, runMetadata));
    }
    this.#shouldStop ||= context.stopRequested;
    return caller as Fetched<F>;
  }
}

function mergedFeeds(feeds: Feeds, requests: readonly (SessionRunArgs | null)[]): Feeds {
  if (!requests.some((request) => request?.feeds)) return feeds;
  const merged = [...feeds];
  const feeders = new Map<string, string>(merged.map(([key]) => [nameOf(key), 'the caller']));
  for (const pair of requests.flatMap((request) => [...(request?.feeds ?? [])])) {
    const other = feeders.get(nameOf(pair[0]));
    if (other !== undefined)
      throw new InvalidArgumentError(`'${nameOf(pair[0])}' is fed by a hook, and by ${other} too`);
    feeders.set(nameOf(pair[0]), 'another hook');
    merged.push(pair);
  }
  return merged;
}

function nameOf(key: FeedKey): string {
  return typeof key === 'string' ? key : key.name;
}

/** The greatest value of each option; undefined if nobody set it. */
function mergedOptions(all: readonly (RunOptions | null | undefined)[]): RunOptions | undefined {
  const given = all.filter((options) => options != null);
  if (given.length < 2) return given[0];
  return Object.assign({}, ...given, {
    traceLevel: Math.max(...given.map(({ traceLevel }) => traceLevelNumber(traceLevel))),
    timeoutInMs: Math.max(...given.map(({ timeoutInMs = 0 }) => timeoutInMs)),
    outputPartitionGraphs: given.some((options) => options.outputPartitionGraphs),
    reportTensorAllocationsUponOom: given.some((options) => options.reportTensorAllocationsUponOom),
  });
}
