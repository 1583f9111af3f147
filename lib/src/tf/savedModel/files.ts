/** Reads the folders of SavedModels. */
import path from 'node:path';
import { AssetFileDef, type MetaGraphDef, SavedModel } from '../../protos';
import { checkIterable, checkPath, checkText } from '../../runtime/arguments';
import { messageOf } from '../../runtime/errorContext';
import { DataLossError, InvalidArgumentError, NotFoundError, UnimplementedError } from '../../runtime/errors';
import { lookFor, readText, readWhole } from '../../runtime/files';
import { FILES, KEYS, SCHEMA_VERSION } from './constants';

/**
 * Reads the SavedModel of a folder.
 *
 * @throws {NotFoundError} when there is no SavedModel in it
 * @throws {DataLossError} when it is damaged
 * @throws {UnimplementedError} when it has a later version of the format
 */
export async function readSavedModel(folder: string): Promise<SavedModel> {
  checkPath("a saved model's folder", folder);
  const file = modelFile(folder);
  const model = await read(file);
  if (model.savedModelSchemaVersion > SCHEMA_VERSION)
    throw new UnimplementedError(
      `${file} is of version ${model.savedModelSchemaVersion} of the format, and what is read here is version ${SCHEMA_VERSION}`,
    );
  if (model.metaGraphs.length === 0) throw new DataLossError(`${file} is damaged, or no saved model: it has no graph`);
  return model;
}

/** The file with the model; only regular files, because a pipe or device may never end. */
function modelFile(folder: string): string {
  const stats = lookFor(folder);
  if (!stats) throw new NotFoundError(`there is no folder ${folder}`);
  if (!stats.isDirectory()) throw new NotFoundError(`${folder} is a file, and a saved model is a folder`);
  for (const name of [FILES.model, FILES.text]) {
    const file = path.join(folder, name);
    const found = lookFor(file);
    if (!found) continue;
    if (!found.isFile()) throw new DataLossError(`${file} is damaged: it is no file`);
    if (found.size > MOST_BYTES)
      throw new DataLossError(
        `${file} is no saved model: it has ${found.size} bytes, and a protocol buffer less than 2 GiB`,
      );
    return file;
  }
  throw new NotFoundError(
    `${folder} is no folder of a saved model: there is neither ${FILES.model} nor ${FILES.text} in it`,
  );
}

async function read(file: string): Promise<SavedModel> {
  const content = file.endsWith(FILES.text) ? readText(file, MOST_BYTES) : await readWhole(file);
  try {
    return typeof content === 'string' ? SavedModel.fromText(content) : SavedModel.decode(content);
  } catch (error) {
    throw new DataLossError(`${file} is damaged: ${messageOf(error)}`);
  }
}

/** The maximum size of a protocol buffer, and of its text. */
const MOST_BYTES = 2 ** 31 - 1;

/** A graph of a SavedModel that contains a GraphDef. */
export type SavedGraph = MetaGraphDef & { graphDef: NonNullable<MetaGraphDef['graphDef']> };

/** @throws {InvalidArgumentError} when tags are not an array of strings */
export function tagList(tags: Iterable<string>): string[] {
  if (typeof tags === 'string') throw new InvalidArgumentError(`tags are an array: ['${tags}']`);
  checkIterable('tags', tags);
  const list = [...tags];
  for (const tag of list) checkText('a tag', tag);
  return list;
}

/**
 * The graph with exactly these tags.
 *
 * @throws {NotFoundError} when there is none; the message lists the available tags
 */
export function graphOfTags(model: SavedModel, tags: Iterable<string>, folder: string): SavedGraph {
  const wanted = tagList(tags);
  const tagsOf = ({ metaInfoDef }: MetaGraphDef) => metaInfoDef?.tags ?? [];
  const found = model.metaGraphs.find((graph) => {
    const own = tagsOf(graph);
    return own.every((tag) => wanted.includes(tag)) && wanted.every((tag) => own.includes(tag));
  });
  if (found?.graphDef) return found as SavedGraph;
  if (found) throw new DataLossError(`${folder} is damaged: its graph with the tags ${list(wanted)} is missing`);
  const available = model.metaGraphs.map((graph) => list(tagsOf(graph)));
  throw new NotFoundError(`${folder} has no graph with the tags ${list(wanted)}, but ${available.join(', ')}`);
}

const list = (tags: readonly string[]) => `[${tags.map((tag) => `'${tag}'`).join(', ')}]`;

/**
 * The files that a graph reads, by the names of the tensors with their paths.
 *
 * @throws {DataLossError} when one would be outside the model
 * @throws {NotFoundError} when one is missing
 */
export function assetsOf({ assetFileDef, collectionDef }: MetaGraphDef, folder: string): Map<string, string> {
  const collected = collectionDef[KEYS.assets]?.anyList?.value ?? [];
  const assets = assetFileDef.length > 0 ? assetFileDef : collected.map(({ value }) => AssetFileDef.decode(value));
  return new Map(
    assets.map(({ tensorInfo, filename }) => {
      if (filename === '' || path.basename(filename) !== filename)
        throw new DataLossError(
          `${folder} is damaged: '${filename}' is no name of a file in its folder ${FILES.assets}`,
        );
      const file = path.resolve(folder, FILES.assets, filename);
      if (!lookFor(file)?.isFile())
        throw new NotFoundError(`${folder} lacks the file ${FILES.assets}/${filename}, which its graph reads`);
      return [tensorInfo?.name ?? '', file];
    }),
  );
}
