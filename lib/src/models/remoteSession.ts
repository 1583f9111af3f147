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

/** The checkpoints that a run of some fetches reads and writes. */
interface Files {
  readonly saves: readonly Operation[];
  readonly restores: readonly Operation[];
}

/** The number of inputs of `SaveV2` before the tensors to save. */
const SAVE_HEAD = 3;

/**
 * A session on a server whose savers use files of this machine: tensors to save are fetched, and written by a session
 * in this process; tensors to restore are read by that session, and fed. (This applies to `run`; `runSync` leaves files
 * to the server.) Its variables are its own, independent of other sessions on the server.
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

  /** Tensors with their values, without duplicates. */
  async #values(tensors: readonly Tensor[], feeds: Feeds, run: (fetches: Tensor[], feeds: Feeds) => Promise<unknown>) {
    const all = [...new Map(tensors.map((tensor) => [tensor.name, tensor])).values()];
    const values = (await run(all, feeds)) as never[];
    return all.map((tensor, i) => [tensor, values[i]!] as const);
  }

  /** The files that a tensor or an operation needs; nothing is saved or restored together with other fetches. */
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

/** An operation and everything that it depends on. */
function neededBy(operation: Operation): Operation[] {
  const found = new Set([operation]);
  for (const { inputs, controlInputs } of found)
    for (const needed of [...inputs.map(({ op }) => op), ...controlInputs]) found.add(needed);
  return [...found];
}
