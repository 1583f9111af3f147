/** The session of a model that runs on a TensorFlow server on another machine, which has other files than this one. */
import type { Operation } from '../tf/graph/operation';
import { Tensor } from '../tf/graph/tensor';
import {
  type Feeds,
  type Fetched,
  type Fetches,
  type RunParameters,
  Session,
  type SessionOptions,
} from '../tf/session';

/** What reads and writes a checkpoint in a run of some fetch. */
interface Files {
  readonly saves: readonly Operation[];
  readonly restores: readonly Operation[];
}

/** How many inputs of `SaveV2` say where and as what the others are saved. */
const SAVE_HEAD = 3;

/**
 * A session on a server whose savers work with this machine's files: what is saved is fetched, and written by a session of this process; what
 * is restored is read by that, and fed (by `run`; `runSync` leaves it to the server). Its variables are its own, whatever other sessions on the server have.
 */
export class RemoteSession extends Session {
  readonly #here: Session;
  readonly #files = new WeakMap<object, Files>();

  constructor({ config = {}, ...options }: SessionOptions) {
    super({ ...options, config: { ...config, isolateSessionState: true } });
    this.#here = new Session({ graph: this.graph });
  }

  override async run<const F extends Fetches>(
    fetches: F,
    feeds: Feeds = [],
    parameters: RunParameters = {},
  ): Promise<Fetched<F>> {
    const { saves, restores } = this.#filesOf(fetches);
    if (saves.length > 0) {
      const saved = saves.flatMap(({ inputs }) => inputs.slice(SAVE_HEAD));
      return this.#here.run(fetches, [...feeds, ...(await this.#values(saved, feeds, (...all) => super.run(...all)))]);
    }
    if (restores.length > 0) {
      const restored = restores.flatMap(({ outputs }) => outputs);
      const values = await this.#values(restored, feeds, (...all) => this.#here.run(...all));
      return super.run(fetches, [...feeds, ...values], parameters);
    }
    return super.run(fetches, feeds, parameters);
  }

  override async close(): Promise<void> {
    await Promise.all([super.close(), this.#here.close()]);
  }

  /** Tensors with their values, each once. */
  async #values(tensors: readonly Tensor[], feeds: Feeds, run: (fetches: Tensor[], feeds: Feeds) => Promise<unknown>) {
    const all = [...new Map(tensors.map((tensor) => [tensor.name, tensor])).values()];
    const values = (await run(all, feeds)) as never[];
    return all.map((tensor, i) => [tensor, values[i]!] as const);
  }

  /** What of files a tensor or an operation needs; nothing is saved or restored beside other fetches. */
  #filesOf(fetches: Fetches): Files {
    const operation = fetches instanceof Tensor ? fetches.op : fetches;
    if (typeof operation !== 'object' || operation === null || !('controlInputs' in operation))
      return { saves: [], restores: [] };
    let files = this.#files.get(operation);
    if (files === undefined) {
      const needed = neededBy(operation as Operation);
      files = {
        saves: needed.filter(({ type }) => type === 'SaveV2'),
        restores: needed.filter(({ type }) => type === 'RestoreV2'),
      };
      this.#files.set(operation, files);
    }
    return files;
  }
}

/** Everything that an operation depends on, and itself. */
function neededBy(operation: Operation): Operation[] {
  const found = new Set([operation]);
  for (const { inputs, controlInputs } of found)
    for (const needed of [...inputs.map(({ op }) => op), ...controlInputs]) found.add(needed);
  return [...found];
}
