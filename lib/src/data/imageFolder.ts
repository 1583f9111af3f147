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

/** How {@link readImageFolder} reads pictures. */
export interface ReadImageFolderOptions {
  /**
   * The height and the width to which pictures are scaled, whatever proportions they have.
   *
   * @defaultValue their own, which is the same for all
   */
  size?: readonly [height: number, width: number];
  /**
   * 1: grey, 3: red, green and blue, 4: these and alpha.
   *
   * @defaultValue `3`
   */
  channels?: 1 | 3 | 4;
  /**
   * The names of the classes by their numbers: those of the training set, for another set.
   *
   * @defaultValue the names of the folders, in the order of their characters
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

/** What systems put into folders, besides hidden files. */
const NOT_PICTURES = new Set(['Thumbs.db', 'desktop.ini']);

/**
 * The pictures in a folder that has a folder of pictures for each class, such as `flowers/rose/1.jpg`: PNG, JPEG, WebP, GIF, BMP, TIFF and AVIF
 * files, in the order of their names. Pictures in folders within these count too; what lies beside the folders of the classes is left out,
 * and so are hidden files.
 *
 * A pixel of a scaled picture is the mean of what it covers (`tf.image.resize_area`); what is transparent lies on white paper, unless there are
 * 4 channels.
 *
 * @throws {NotFoundError} when there is no such folder
 * @throws {InvalidArgumentError} when it has no folders, a folder has no pictures or is none of `classNames`, or without `size` pictures have
 *   different sizes; the file is named
 * @throws {DataLossError} when a file is a damaged picture or none, naming it
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

/** A picture's file and the number of its class. */
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

/** All files of a folder and those within it. */
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
