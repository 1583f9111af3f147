/** Reads folders of pictures, with one subfolder per class. */

import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { checkPath, shown } from '../runtime/arguments';
import { allocate } from '../runtime/dtypes';
import { InvalidArgumentError } from '../runtime/errors';
import { fileError, readWhole } from '../runtime/files';
import { HostArray } from '../runtime/hostArray';
import { type DecodedImage, decodeImage } from '../runtime/imageFile/decode';
import { onlyOptions } from '../runtime/options';
import { AreaScaler } from './areaScaler';
import { classNumberer, expectedClass } from './classNumbers';

/** Options of {@link readImageFolder}. */
export interface ReadImageFolderOptions {
  /**
   * The height and width to which pictures are scaled, regardless of their proportions.
   *
   * @defaultValue their own size, which must be the same for all
   */
  size?: readonly [height: number, width: number];
  /**
   * 1: grey, 3: RGB, 4: RGBA.
   *
   * @defaultValue `3`
   */
  channels?: 1 | 3 | 4;
  /**
   * The names of the classes in order; for another set, use those of the training set.
   *
   * @defaultValue the names of the folders, sorted
   */
  classNames?: readonly string[];
}

/** Pictures with their classes. */
export interface ImageFolder {
  /** `[pictures, height, width, channels]`, from 0 to 255. */
  readonly images: HostArray<'uint8'>;
  /** The class number of each picture. */
  readonly labels: HostArray<'int32'>;
  /** The name of each class, by its number. */
  readonly classNames: readonly string[];
  /** The file of each picture. */
  readonly files: readonly string[];
}

/** Files that systems add to folders, besides hidden files. */
const NOT_PICTURES = new Set(['Thumbs.db', 'desktop.ini']);

/**
 * Reads a folder that contains a subfolder of pictures for each class, such as `flowers/rose/1.jpg`: PNG, JPEG, WebP,
 * GIF, BMP, TIFF and AVIF files, ordered by name. Nested folders are included; files outside of the class folders and
 * hidden files are ignored.
 *
 * A pixel of a scaled picture is the mean of the area it covers (`tf.image.resize_area`). Transparent pixels are
 * composited on white, unless there are 4 channels.
 *
 * @throws {NotFoundError} when there is no such folder
 * @throws {InvalidArgumentError} when it has no subfolders, a subfolder has no pictures or isn't in `classNames`, or
 * pictures differ in size and there is no `size`; the message names the file
 * @throws {DataLossError} when a file is a damaged picture, or none; the message names it
 * @throws {FailedPreconditionError} when `@napi-rs/canvas`, which decodes pictures, isn't installed
 *
 * @example
 * const { images, labels, classNames } = await data.readImageFolder('flowers', { size: [28, 28], channels: 1 });
 * const set = new data.DataSet(images, labels, { seed: 1 }); // rows of 784 floats from 0 to 1
 * const columns = new data.DataSet({ images, labels }, { seed: 1 }); // or bytes, [28, 28, 1] each
 * classNames[labels.at(0)]; // 'rose'
 */
export async function readImageFolder(folder: string, options: ReadImageFolderOptions = {}): Promise<ImageFolder> {
  const {
    size,
    channels = 3,
    classNames,
  } = onlyOptions(options, { size: 'array', channels: 'number', classNames: 'array' });
  checkPath('the name of a folder', folder);
  checkForm(size, channels);
  const { names, labelled } = await filesOfClasses(folder, classNames);
  const labels = Int32Array.from(labelled, ({ label }) => label);
  const files = labelled.map(({ file }) => file);
  return {
    images: await readPictures(files, size, channels),
    labels: new HostArray('int32', [labels.length], labels),
    classNames: names,
    files,
  };
}

function checkForm(size: ReadImageFolderOptions['size'], channels: number): void {
  const isSize = (value: unknown) => Number.isInteger(value) && (value as number) > 0;
  if (size !== undefined && !(Array.isArray(size) && size.length === 2 && size.every(isSize)))
    throw new InvalidArgumentError(`expected a height and a width, such as [28, 28], as size, got ${shown(size)}`);
  if (![1, 3, 4].includes(channels))
    throw new InvalidArgumentError(`expected 1, 3 or 4 channels, got ${shown(channels)}`);
}

/** The file of a picture and its class number. */
interface Labelled {
  readonly file: string;
  readonly label: number;
}

async function filesOfClasses(
  folder: string,
  classNames: readonly string[] | undefined,
): Promise<{ names: readonly string[]; labelled: Labelled[] }> {
  const found = (await entriesOf(folder)).filter(({ isFolder }) => isFolder).map(({ name }) => name);
  if (found.length === 0)
    throw new InvalidArgumentError(`${folder}: expected a folder of pictures for each class, found no folders`);
  const names = classNames ?? found;
  const numberOf = classNumberer(names);
  const labelled: Labelled[] = [];
  for (const name of found) {
    const label = numberOf(name);
    if (label === undefined)
      throw new InvalidArgumentError(`${path.join(folder, name)}: ${expectedClass(names, name)}`);
    const files = await filesIn(path.join(folder, name));
    if (files.length === 0) throw new InvalidArgumentError(`${path.join(folder, name)}: expected pictures, found none`);
    labelled.push(...files.map((file) => ({ file, label })));
  }
  return { names: [...names], labelled };
}

/** All files of a folder and its subfolders. */
async function filesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const { name, isFolder } of await entriesOf(folder)) {
    const file = path.join(folder, name);
    files.push(...(isFolder ? await filesIn(file) : [file]));
  }
  return files;
}

async function entriesOf(folder: string): Promise<{ name: string; isFolder: boolean }[]> {
  try {
    const names = (await readdir(folder)).filter((name) => !name.startsWith('.') && !NOT_PICTURES.has(name)).sort();
    return await Promise.all(
      names.map(async (name) => ({ name, isFolder: (await stat(path.join(folder, name))).isDirectory() })),
    );
  } catch (error) {
    throw fileError(`could not read ${folder}`, error);
  }
}

async function readPictures(
  files: readonly string[],
  size: ReadImageFolderOptions['size'],
  channels: number,
): Promise<HostArray<'uint8'>> {
  let form = size;
  let pixels = new Uint8Array();
  for (const [i, file] of files.entries()) {
    const picture = await decodeImage(await readWhole(file), file);
    form ??= [picture.height, picture.width];
    if (size === undefined) checkSize(picture, form, file, files[0]!);
    const length = form[0] * form[1] * channels;
    if (i === 0) pixels = allocate('uint8', files.length * length) as typeof pixels;
    const scaler = new AreaScaler([picture.height, picture.width], form, channels);
    for (const rows of picture.rows) scaler.add(rows);
    scaler.copyTo(pixels, i * length);
  }
  return new HostArray('uint8', [files.length, ...form!, channels], pixels);
}

function checkSize(
  { width, height }: DecodedImage,
  [rows, columns]: readonly [number, number],
  file: string,
  first: string,
) {
  if (height !== rows || width !== columns)
    throw new InvalidArgumentError(
      `${file}: expected ${columns} × ${rows} pixels, as ${first} has, got ${width} × ${height}; size scales them all`,
    );
}
