/** Finds the TensorBoards running on this machine. Each writes a file with its folder and port. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from '../../../shared/folderLock.cjs';

/** The relevant content of such a file. */
interface Info {
  readonly pid: number;
  readonly port: number;
  readonly logdir: string;
  readonly path_prefix: string;
  /** Base64 of a JSON that contains, among others, the working directory. */
  readonly cache_key: string;
}

/** The requirements for using a running TensorBoard instead of starting one. */
export interface Wanted {
  readonly logdir: string;
  /** The path prefix for a port, without a trailing `/`; `''` for the root. */
  readonly pathPrefix: (port: number) => string;
  /** @defaultValue any */
  readonly port?: number;
}

/** The port of a running TensorBoard that meets the requirements, or undefined. */
export async function findRunning({ logdir, pathPrefix, port }: Wanted): Promise<number | undefined> {
  const wanted = await realFolder(logdir);
  for (const info of await readInfos()) {
    if (port !== undefined && info.port !== port) continue;
    const prefix = pathPrefix(info.port);
    if (info.path_prefix.replace(/\/$/, '') !== prefix) continue;
    if ((await realFolder(path.resolve(startFolder(info), info.logdir))) !== wanted) continue;
    if (isAlive(info.pid) && (await dataLocation(info.port, prefix)) === info.logdir) return info.port;
  }
  return undefined;
}

/** The folder that a TensorBoard serves, according to its answer; undefined if there is none. */
export async function dataLocation(port: number, pathPrefix: string): Promise<string | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${pathPrefix}/data/environment`, {
      signal: AbortSignal.timeout(2000),
    });
    const { data_location: location } = (await response.json()) as { data_location?: string };
    return location;
  } catch {
    return undefined;
  }
}

async function readInfos(): Promise<Info[]> {
  const folder = path.join(os.tmpdir(), '.tensorboard-info');
  const files = await readdir(folder).catch(() => []);
  const infos = await Promise.all(
    files.map(async (file): Promise<Info[]> => {
      try {
        return [JSON.parse(await readFile(path.join(folder, file), 'utf8'))];
      } catch {
        return []; // it ended meanwhile, or the file isn't TensorBoard's
      }
    }),
  );
  return infos.flat();
}

/** Its working directory, to which the path of its logs is relative. */
function startFolder({ cache_key }: Info): string {
  try {
    return JSON.parse(Buffer.from(cache_key, 'base64').toString()).working_directory;
  } catch {
    return '/';
  }
}

const realFolder = (folder: string) => realpath(folder).catch(() => path.resolve(folder));
