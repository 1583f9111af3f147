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

/** What is known of a file. */
export interface ExpectedFile {
  /** Its name, without the `.gz` that it may have. */
  readonly name: string;
  /** What it holds, as errors call it. */
  readonly contents: string;
  /** The shape of its `uint8` array. */
  readonly shape: readonly number[];
  /** The SHA-256 of its unpacked bytes. */
  readonly sha256: string;
}

/** The ways in which the names of IDX files end: as published, and as some programs rename them. */
const endings = ['', '.gz'] as const;

/** Where a file may be in a folder: under its own name or with a point for the last hyphen, plain before gzipped. */
function placesOf(dir: string, name: string): string[] {
  const names = [name, name.replace(/-(idx\d-[a-z]+)$/, '.$1')];
  return [...new Set(names.flatMap((each) => endings.map((ending) => join(dir, each + ending))))];
}

/** How {@link loadFiles} gets what isn't in the folder. */
export interface LoadOptions extends DownloadOptions {
  /**
   * Whether missing files may be downloaded.
   *
   * @defaultValue `true`
   */
  download?: boolean;
  /** Addresses of folders that hold the files, each with `.gz`; the next one is tried where one fails. */
  mirrors: readonly string[];
  /**
   * Whether a damaged file counts as missing, and is replaced once a good one is there.
   *
   * @defaultValue `false`
   */
  redownload?: boolean;
}

/** A whole IDX file, but another than expected. */
class OtherContents extends DataLossError {}

/** More than any of the files that this library knows, packed or unpacked. */
const LARGEST_FILE = 64 * 2 ** 20;

/**
 * The arrays of `files` from the folder `dir`, gzipped or not; those that are missing there are downloaded and kept in it.
 *
 * @throws {DataLossError} when a file in the folder isn't what it should be; it is left alone
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
 * The array of one file in the folder `dir`, gzipped or not, or undefined when it is missing.
 *
 * @throws {DataLossError} when it isn't what it should be, unless that counts as missing
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
 * Puts `bytes` into the folder `dir` as `file`, gzipped if they are, and removes what was there under its other name.
 * The bytes must have been checked.
 */
export async function keepChecked(dir: string, file: ExpectedFile, bytes: Uint8Array): Promise<void> {
  const names = [`${file.name}.gz`, file.name];
  const [name, other] = isGzip(bytes) ? names : names.reverse();
  await replaceFile(join(dir, name!), bytes);
  await rm(join(dir, other!), { force: true });
}

/**
 * The array in the bytes of a file, gzipped or not.
 *
 * @param name what the bytes are called in errors
 * @throws {DataLossError} when they aren't what they should be, saying what they are
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

/** Downloads `missing` files, each from the first mirror that has it whole. A mirror that failed is not asked again. */
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

/** Names of files: each where some of `all` are there. */
function listed(files: readonly ExpectedFile[], all: number): string {
  const names = files.map(({ name }) => name);
  return names.length > 1 && names.length === all ? `${names[0]} and ${all - 1} more` : names.join(', ');
}

async function fetchChecked(url: string, file: ExpectedFile, options: DownloadOptions) {
  const bytes = await download(url, LARGEST_FILE, options);
  return { bytes, array: await check(bytes, file, url) };
}
