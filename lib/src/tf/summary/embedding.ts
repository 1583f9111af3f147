/** Vectors that TensorBoard's Projector shows as points: files next to the event files, and a list of them. */

import * as fs from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { quote } from '../../protos/textFormat';
import { checkText, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { fileError, makeFolder, replaceFileSync } from '../../runtime/files';
import { type ArrayLike, toHostArray } from '../../runtime/hostArray';
import { type Numbers, numbersOf } from '../../runtime/numbers';
import { onlyOptions } from '../../runtime/options';
import { pngFile } from '../../runtime/png';
import { shapeText } from '../../runtime/shapeText';
import { imageBatch } from './images';

/** Data about the vectors. */
export interface EmbeddingOptions {
  /** The name of each vector, or several columns of labels, by column name. */
  metadata?: readonly Label[] | Readonly<Record<string, readonly Label[]>>;
  /** An image per vector: `[n, height, width]` or `[n, height, width, channels]`. */
  images?: ArrayLike;
}

type Label = string | number | bigint | boolean;

/** The list of embeddings that TensorBoard looks for in a run's folder. */
const CONFIG = 'projector_config.pbtxt';
/** The approximate number of characters per write. */
const PIECE = 1 << 17;
/** The maximum side length of the sprite image that browsers accept. */
const MAX_SPRITE = 8192;

/**
 * Writes vectors as files in the folder `logdir/projector/name`, and adds them to the list, replacing an entry of the
 * same name.
 *
 * @param vectors `[n, dimensions]`
 * @throws {InvalidArgumentError} when the shape is another, or the metadata isn't about `n` vectors
 * @throws {TensorFlowError} when a file can't be written
 */
export async function writeEmbedding(
  logdir: string,
  tag: string,
  globalStep: number | bigint | undefined,
  vectors: ArrayLike,
  options: EmbeddingOptions = {},
): Promise<void> {
  const { metadata, images } = onlyOptions(options, { metadata: 'object', images: 'any' });
  checkText('the tag of an embedding', tag);
  if (globalStep !== undefined && typeof globalStep !== 'number' && typeof globalStep !== 'bigint')
    throw new InvalidArgumentError(`a global step is a whole number, not ${shown(globalStep)}`);
  const name = globalStep === undefined ? tag : `${tag}, step ${globalStep}`;
  const numbers = numbersOf(vectors, 'vectors');
  const [count, dimensions] = numbers.shape;
  if (numbers.shape.length !== 2 || !count || !dimensions)
    throw new InvalidArgumentError(`expected vectors of shape [n, dimensions], got ${shapeText(numbers.shape)}`);
  const table = metadata && metadataTable(metadata, count);
  const sprite = images === undefined ? undefined : spriteOf(images, count);

  const folder = `projector/${encodeURIComponent(name).replace(/^\./, '%2E')}`;
  const inLogdir = (file: string) => path.join(logdir, folder, file);
  const lines = [`tensor_name: ${quote(name)}`, `tensor_path: ${quote(`${folder}/tensors.tsv`)}`];
  try {
    makeFolder(path.join(logdir, folder));
    await writeRows(inLogdir('tensors.tsv'), numbers, dimensions);
    if (table) {
      await writeFile(inLogdir('metadata.tsv'), table);
      lines.push(`metadata_path: ${quote(`${folder}/metadata.tsv`)}`);
    }
    if (sprite) {
      await writeFile(inLogdir('sprite.png'), sprite.png);
      const { width, height } = sprite;
      const size = `single_image_dim: [${width}, ${height}]`;
      lines.push(`sprite { image_path: ${quote(`${folder}/sprite.png`)} ${size} }`);
    }
    // Synchronous, so that two embeddings written at the same time are both added.
    putOnList(path.join(logdir, CONFIG), name, `embeddings {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`);
  } catch (error) {
    throw fileError(`cannot write the embedding '${name}' into ${logdir}`, error);
  }
}

/** Tab-separated rows, written in pieces, so that many of them don't block everything else. */
async function writeRows(file: string, { data }: Numbers, dimensions: number): Promise<void> {
  const handle = await open(file, 'w');
  try {
    let text = '';
    for (let at = 0; at < data.length; at += dimensions) {
      text += data[at];
      for (let i = at + 1; i < at + dimensions; i++) text += `\t${data[i]}`;
      text += '\n';
      if (text.length >= PIECE) {
        await handle.write(text);
        text = '';
      }
    }
    await handle.write(text);
  } finally {
    await handle.close();
  }
}

/** Tab-separated lines; with several columns, their names come first. */
function metadataTable(metadata: NonNullable<EmbeddingOptions['metadata']>, count: number): string {
  const single = Array.isArray(metadata);
  const columns: Record<string, readonly Label[]> = single ? { metadata } : { ...(metadata as object) };
  for (const [name, { length }] of Object.entries(columns))
    if (length !== count) throw new InvalidArgumentError(`expected ${name} of ${count} vectors, got ${length}`);
  const cell = (label: Label) => String(label).replace(/[\t\r\n]+/g, ' ');
  const names = Object.keys(columns);
  // The Projector skips blank lines, which would shift all later labels; a zero-width space isn't blank.
  const line = (cells: Label[]) => `${cells.map(cell).join('\t').replace(/^\s*$/, '$&\u200b')}\n`;
  const rows = Array.from({ length: count }, (_, i) => line(names.map((name) => columns[name]![i]!)));
  return (names.length > 1 ? line(names) : '') + rows.join('');
}

/** All images in one square picture, row by row. */
function spriteOf(images: ArrayLike, count: number): { width: number; height: number; png: Uint8Array } {
  const array = toHostArray(images);
  // Here, three dimensions mean grey images.
  const batch = imageBatch(array.rank === 3 ? array.reshape([...array.shape, 1]) : array);
  const { height, width, channels } = batch;
  if (batch.count !== count) throw new InvalidArgumentError(`expected images of ${count} vectors, got ${batch.count}`);
  const side = Math.ceil(Math.sqrt(count));
  if (side * Math.max(width, height) > MAX_SPRITE)
    throw new InvalidArgumentError(
      `${count} images of ${width}×${height} make a picture of more than ${MAX_SPRITE}×${MAX_SPRITE} pixels; take fewer or smaller ones`,
    );
  const rowBytes = width * channels;
  const all = new Uint8Array(side * rowBytes * side * height);
  for (let image = 0; image < count; image++) {
    const pixels = batch.samples(image);
    const start = Math.floor(image / side) * height * side * rowBytes + (image % side) * rowBytes;
    for (let row = 0; row < height; row++)
      all.set(pixels.subarray(row * rowBytes, (row + 1) * rowBytes), start + row * side * rowBytes);
  }
  const png = pngFile({ width: side * width, height: side * height, channels, samples: all });
  return { width, height, png };
}

/** An entry of the list: `embeddings { … }` with one level of braces in it. */
const ENTRY = /embeddings\s*\{(?:[^{}"]|"(?:\\.|[^"\\])*"|\{[^{}]*\})*\}\s*/g;

function putOnList(file: string, name: string, entry: string): void {
  const list = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const others = list.replace(ENTRY, (other) => (other.includes(`tensor_name: ${quote(name)}`) ? '' : other));
  replaceFileSync(file, others + entry);
}
