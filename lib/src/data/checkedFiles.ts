/**
 * IDX files whose contents are known in advance. They come from a folder or from mirrors, and are used only if their
 * hash matches.
 */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DataLossError, TensorFlowError, UnavailableError } from '../runtime/errors';
import { readIfPresent, replaceFile } from '../runtime/files';
import type { HostArray } from '../runtime/hostArray';
import { shapeText } from '../runtime/shapeText';
import { type DownloadOptions, download } from './download';
import { isGzip, parseIdx, unzip } from './idx';
import { publishedSetOf, sumOf } from './publishedSets';

/** The known properties of a file. */
export interface ExpectedFile {
  /** Its name, without `.gz`. */
  readonly name: string;
  /** A description of its contents, for errors. */
  readonly contents: string;
  /** The shape of its `uint8` array. */
  readonly shape: readonly number[];
  /** The SHA-256 of its uncompressed bytes. */
  readonly sha256: string;
}

/** The variants of IDX file names: as published, and as some programs rename them. */
const endings = ['', '.gz'] as const;

/**
 * The possible paths of a file in a folder: under its own name or with a dot for the last hyphen; uncompressed before
 * gzipped.
 */
function placesOf(dir: string, name: string): string[] {
  const names = [name, name.replace(/-(idx\d-[a-z]+)$/, '.$1')];
  return [...new Set(names.flatMap((each) => endings.map((ending) => join(dir, each + ending))))];
}

/** Options of {@link loadFiles}. */
export interface LoadOptions extends DownloadOptions {
  /**
   * Whether missing files may be downloaded.
   *
   * @defaultValue `true`
   */
  download?: boolean;
  /** URLs of folders with the gzipped files; if one fails, the next is tried. */
  mirrors: readonly string[];
  /**
   * Whether to treat a damaged file as missing, and replace it once an intact one was downloaded.
   *
   * @defaultValue `false`
   */
  redownload?: boolean;
}

/** A valid IDX file, but not the expected one. */
class OtherContents extends DataLossError {}

/** More than the size of any known file, compressed or uncompressed. */
const LARGEST_FILE = 64 * 2 ** 20;

/**
 * Reads `files` from the folder `dir`, gzipped or not. Missing files are downloaded and stored there.
 *
 * @throws {DataLossError} when a file in the folder isn't the expected one; it is left unchanged
 * @throws {UnavailableError} when a file is missing and can't be downloaded
 */
export async function loadFiles<K extends string>(
  dir: string,
  files: Readonly<Record<K, ExpectedFile>>,
  options: LoadOptions,
): Promise<{ arrays: Record<K, HostArray<'uint8'>>; downloaded: boolean }> {
  const entries = Object.entries(files) as [K, ExpectedFile][];
  const arrays: Partial<Record<K, HostArray<'uint8'>>> = {};
  const keep = (key: K, array: HostArray<'uint8'> | undefined) => {
    if (array) arrays[key] = array;
  };
  await Promise.all(entries.map(async ([key, file]) => keep(key, await readChecked(dir, file, options))));
  const missing = new Map(entries.filter(([key]) => !arrays[key]));
  if (missing.size > 0) await downloadAll(dir, missing, keep, options);
  return { arrays: arrays as Record<K, HostArray<'uint8'>>, downloaded: missing.size > 0 };
}

/**
 * Reads a file from the folder `dir`, gzipped or not; undefined if it is missing.
 *
 * @throws {DataLossError} when it isn't the expected one, unless damaged files count as missing
 */
export async function readChecked(
  dir: string,
  file: ExpectedFile,
  { redownload = false }: { redownload?: boolean } = {},
): Promise<HostArray<'uint8'> | undefined> {
  for (const path of placesOf(dir, file.name)) {
    const bytes = await readIfPresent(path);
    if (bytes === undefined) continue;
    try {
      return await check(bytes, file, path);
    } catch (error) {
      if (!(error instanceof DataLossError)) throw error;
      if (redownload) return undefined;
      const known = publishedSetOf(bytes);
      if (known)
        throw new DataLossError(`${error.message}. It is ${known.title}'s: load it with dataset: '${known.name}'`);
      const advice = 'elete it, or replace it with the option redownload: true';
      const other = 'If it is of another data set, say which with the option dataset; if it is damaged, d';
      throw new DataLossError(`${error.message}. ${error instanceof OtherContents ? other : 'D'}${advice}`);
    }
  }
  return undefined;
}

/**
 * Stores verified `bytes` as `file` in the folder `dir`, gzipped if they are, and removes the variant under its other
 * name.
 */
export async function keepChecked(dir: string, file: ExpectedFile, bytes: Uint8Array): Promise<void> {
  const names = [`${file.name}.gz`, file.name];
  const [name, other] = isGzip(bytes) ? names : names.reverse();
  await replaceFile(join(dir, name!), bytes);
  await rm(join(dir, other!), { force: true });
}

/**
 * Verifies and parses the bytes of a file, gzipped or not.
 *
 * @param name the name of the file, for errors
 * @throws {DataLossError} when they aren't the expected ones; the message says what they are
 */
export async function check(bytes: Uint8Array, file: ExpectedFile, name: string): Promise<HostArray<'uint8'>> {
  const unpacked = await unzip(bytes, name, LARGEST_FILE);
  const array = parseIdx(unpacked, name);
  const expected = `uint8 ${shapeText(file.shape)}`;
  const found = `${array.dtype} ${shapeText(array.shape)}`;
  if (array.dtype !== 'uint8' || found !== expected)
    throw new OtherContents(`${name}: expected ${file.contents}, ${expected}, found ${found}`);
  const sha256 = sumOf('sha256', unpacked);
  if (sha256 !== file.sha256)
    throw new OtherContents(
      `${name}: expected ${file.contents}, whose unpacked bytes have the SHA-256 ${file.sha256}, found ${sha256}`,
    );
  return array;
}

/**
 * Downloads the `missing` files, each from the first mirror that has it intact. A mirror that failed is not used again.
 */
async function downloadAll<K>(
  dir: string,
  missing: ReadonlyMap<K, ExpectedFile>,
  keep: (key: K, array: HostArray<'uint8'>) => void,
  { download: allowed = true, mirrors, ...options }: LoadOptions,
): Promise<void> {
  const waiting = new Map(missing);
  const failures: string[] = [];
  for (const mirror of allowed ? mirrors : []) {
    for (const [key, file] of waiting) {
      const url = `${mirror.replace(/\/$/, '')}/${file.name}.gz`;
      const fetched = await fetchChecked(url, file, options).catch((error: unknown) => {
        if (!(error instanceof TensorFlowError)) throw error;
        failures.push(error.message);
      });
      if (!fetched) break;
      await keepChecked(dir, file, fetched.bytes);
      keep(key, fetched.array);
      waiting.delete(key);
    }
    if (waiting.size === 0) return;
  }
  const why = allowed ? `could not be downloaded: ${failures.join('; ')}` : 'downloads are turned off';
  throw new UnavailableError(`${listed([...waiting.values()], missing.size)} not found in ${dir}, and ${why}`);
}

/** Lists names of files, and where some of `all` are. */
function listed(files: readonly ExpectedFile[], all: number): string {
  const names = files.map(({ name }) => name);
  return names.length > 1 && names.length === all ? `${names[0]} and ${all - 1} more` : names.join(', ');
}

async function fetchChecked(url: string, file: ExpectedFile, options: DownloadOptions) {
  const bytes = await download(url, LARGEST_FILE, options);
  return { bytes, array: await check(bytes, file, url) };
}
