/**
 * The state file of a checkpoint folder, `checkpoint`: the newest checkpoint, and the others that are kept. It is a
 * protocol buffer in text format:
 *
 *     model_checkpoint_path: "model.ckpt-2000"
 *     all_model_checkpoint_paths: "model.ckpt-1000"
 *     all_model_checkpoint_paths: "model.ckpt-2000"
 *
 * @see "Text Format Language Specification" in the documentation of protocol buffers
 */

import * as fs from 'node:fs';
import * as path from 'node:path';
import type { CheckpointState } from '../../protos';
import { quote } from '../../protos/textFormat';
import { checkPath, checkText } from '../../runtime/arguments';
import { withContext } from '../../runtime/errorContext';
import { DataLossError, InvalidArgumentError } from '../../runtime/errors';
import { fileError, replaceFileSync } from '../../runtime/files';
import { onlyOptions } from '../../runtime/options';
import { checkpointExists } from './checkpointFiles';

/** The other contents of a state file, and its name. */
export interface CheckpointStateOptions {
  /** The prefixes of all kept checkpoints, oldest first; the newest is added if it is missing. */
  allModelCheckpointPaths?: readonly string[];
  /** The time when each of these was written, in seconds since the epoch. */
  allModelCheckpointTimestamps?: readonly number[];
  /** The time when the last permanently kept checkpoint was written, in seconds since the epoch. */
  lastPreservedTimestamp?: number;
  /**
   * The name of the state file.
   *
   * @defaultValue `checkpoint`
   */
  latestFilename?: string;
  /**
   * Whether to store paths relative to the folder even if absolute ones were given.
   *
   * @defaultValue `false`, as in Python
   */
  saveRelativePaths?: boolean;
}

/**
 * Writes the state file of a folder. As in Python, a relative prefix is written relative to the folder if the folder
 * itself is given by a relative path.
 *
 * @param modelCheckpointPath the prefix of the newest checkpoint
 * @throws {InvalidArgumentError} when there are timestamps, but not one for each checkpoint
 * @throws {TensorFlowError} when the file can't be written; the old one is still there
 *
 * @example
 * tf.train.updateCheckpointState('summaries/run1', 'summaries/run1/model.ckpt-1000');
 */
export function updateCheckpointState(
  folder: string,
  modelCheckpointPath: string,
  options: CheckpointStateOptions = {},
): void {
  onlyOptions(options, {
    allModelCheckpointPaths: 'array',
    allModelCheckpointTimestamps: 'array',
    lastPreservedTimestamp: 'number',
    latestFilename: 'string',
    saveRelativePaths: 'boolean',
  });
  checkPath('the folder of checkpoints', folder);
  checkPath('the name of a checkpoint', modelCheckpointPath);
  const { allModelCheckpointTimestamps: times = [], lastPreservedTimestamp, saveRelativePaths = false } = options;
  const all = [...(options.allModelCheckpointPaths ?? [])];
  if (all.at(-1) !== modelCheckpointPath) all.push(modelCheckpointPath);
  if (times.length > 0 && times.length !== all.length)
    throw new InvalidArgumentError(
      `there are ${times.length} timestamps for ${all.length} checkpoints: ${all.join(', ')}`,
    );

  const written = (prefix: string) => {
    const relative = saveRelativePaths || !(path.isAbsolute(folder) || path.isAbsolute(prefix));
    return relative ? path.relative(folder, prefix) : prefix;
  };
  const text = [
    `model_checkpoint_path: ${quote(written(modelCheckpointPath))}\n`,
    ...all.map((prefix) => `all_model_checkpoint_paths: ${quote(written(prefix))}\n`),
    ...times.map((time) => `all_model_checkpoint_timestamps: ${double(time)}\n`),
    lastPreservedTimestamp === undefined ? '' : `last_preserved_timestamp: ${double(lastPreservedTimestamp)}\n`,
  ];
  replaceFileSync(stateFile(folder, options.latestFilename), text.join(''));
}

/**
 * Reads the state file of a folder; null if there is none. Relative prefixes are resolved against the folder. Absolute
 * ones are looked up in the folder first, because it may have been moved or copied.
 *
 * @throws {DataLossError} when the file is not a state file
 *
 * @example
 * tf.train.getCheckpointState('summaries/run1')?.allModelCheckpointPaths;
 */
export function getCheckpointState(folder: string, latestFilename?: string): CheckpointState | null {
  checkPath('the folder of checkpoints', folder);
  if (latestFilename !== undefined) checkText('the name of a state file', latestFilename);
  const file = stateFile(folder, latestFilename);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fileError(`could not read '${file}'`, error);
  }
  try {
    const state = parse(text);
    if (state.modelCheckpointPath === '') throw new DataLossError('it names no newest checkpoint');
    const complete = (prefix: string) => {
      if (!path.isAbsolute(prefix)) return path.join(folder, prefix);
      const beside = path.join(folder, path.basename(prefix));
      return checkpointExists(beside) ? beside : prefix;
    };
    state.modelCheckpointPath = complete(state.modelCheckpointPath);
    state.allModelCheckpointPaths = state.allModelCheckpointPaths.map(complete);
    return state;
  } catch (error) {
    throw withContext(error, (message) => `'${file}' is no checkpoint state: ${message}`);
  }
}

/**
 * The prefix of the newest checkpoint of a folder, or null if there is none (or its files are gone).
 *
 * @param latestFilename the name of the state file; `checkpoint` by default
 * @throws {DataLossError} when the state file is damaged
 *
 * @example
 * await saver.save(session, 'summaries/run4/model.ckpt', { globalStep: 100 });
 * const newest = tf.train.latestCheckpoint('summaries/run4');
 * if (newest) await saver.restore(session, newest);
 */
export function latestCheckpoint(folder: string, latestFilename?: string): string | null {
  const prefix = getCheckpointState(folder, latestFilename)?.modelCheckpointPath;
  return prefix !== undefined && checkpointExists(prefix) ? prefix : null;
}

function stateFile(folder: string, latestFilename = 'checkpoint'): string {
  return path.join(folder, latestFilename);
}

// The text format

/** Formats a double as Python does. */
function double(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

const STRING = /"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/g;
/** A field name, and a number or one or more adjacent strings. */
const FIELD = new RegExp(`(\\w+)\\s*:\\s*((?:(?:${STRING.source})\\s*)+|[-+.\\w]+)\\s*[,;]?\\s*`, 'y');
const COMMENT = /^\s*#.*$/gm;

function parse(text: string): CheckpointState {
  const state: CheckpointState = {
    modelCheckpointPath: '',
    allModelCheckpointPaths: [],
    allModelCheckpointTimestamps: [],
    lastPreservedTimestamp: 0,
  };
  const fields = text.replace(COMMENT, '').trim();
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < fields.length) {
    const at = FIELD.lastIndex;
    const [, name, value = ''] = FIELD.exec(fields) ?? [];
    if (name === undefined) throw new DataLossError(`expected 'name: value', found '${fields.slice(at, at + 30)}'`);
    if (name === 'model_checkpoint_path') state.modelCheckpointPath = unquote(value);
    else if (name === 'all_model_checkpoint_paths') state.allModelCheckpointPaths.push(unquote(value));
    else if (name === 'all_model_checkpoint_timestamps') state.allModelCheckpointTimestamps.push(Number(value));
    else if (name === 'last_preserved_timestamp') state.lastPreservedTimestamp = Number(value);
  }
  return state;
}

const unescapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' };

/** The text of one or more adjacent strings. Escapes stand for bytes, and the bytes are UTF-8. */
function unquote(value: string): string {
  const strings = Array.from(value.matchAll(STRING), ([, double, single]) => double ?? single);
  if (strings.length === 0) throw new DataLossError(`${value} is no string in quotation marks`);
  // In Latin-1, a character is a byte.
  const bytes = Buffer.from(strings.join(''))
    .toString('latin1')
    .replace(/\\(?:([0-7]{1,3})|x([\da-fA-F]{1,2})|(.))/g, byteOf);
  return Buffer.from(bytes, 'latin1').toString();
}

function byteOf(_escape: string, octal?: string, hexadecimal?: string, character = ''): string {
  if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
  if (hexadecimal) return String.fromCharCode(Number.parseInt(hexadecimal, 16));
  return unescapes[character] ?? character;
}
