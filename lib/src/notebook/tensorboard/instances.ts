/** The TensorBoards that run on this machine. Each says of itself in a file what it shows and where it listens. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from '../../../shared/folderLock.cjs';

/** What a TensorBoard says of itself, as far as it is of interest. */
interface Info {
  readonly pid: number;
  readonly port: number;
  readonly logdir: string;
  readonly path_prefix: string;
  /** Base64 of a JSON that has, among others, the folder in which it was started. */
  readonly cache_key: string;
}

/** What a TensorBoard must be like to serve instead of a new one. */
export interface Wanted {
  readonly logdir: string;
  /** The path below which it answers at a port, without a `/` at its end; `''` for the root. */
  readonly pathPrefix: (port: number) => string;
  /** @defaultValue any */
  readonly port?: number;
}

/** The port of a TensorBoard that runs and is as wanted, or undefined. */
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

/** Of what a server shows the data, as it says when it is a TensorBoard that answers; else undefined. */
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
        return []; // it ended meanwhile, or isn't a TensorBoard's
      }
    }),
  );
  return infos.flat();
}

/** The folder in which it was started, to which the path of its logs is relative. */
function startFolder({ cache_key }: Info): string {
  try {
    return JSON.parse(Buffer.from(cache_key, 'base64').toString()).working_directory;
  } catch {
    return '/';
  }
}

const realFolder = (folder: string) => realpath(folder).catch(() => path.resolve(folder));
