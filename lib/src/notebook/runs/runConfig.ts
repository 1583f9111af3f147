/** The file `config.json` in a run's folder, with the run's hyperparameters. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { flatConfig } from '../../hyperparameters/flatConfig';
import { checkObject, shown } from '../../runtime/arguments';
import { messageOf } from '../../runtime/errorContext';
import { InvalidArgumentError } from '../../runtime/errors';
import { replaceFileSync } from '../../runtime/files';
import { ownVersion } from '../../runtime/version';
import type { FlatConfig } from './runName';

/** Its name; models write such a file too, with more content. */
export const CONFIG_FILE = 'config.json';

/** The relevant content of the file. */
export interface RunConfig {
  /** The name of the run before it got a number; undefined if a model wrote the file. */
  readonly run: string | undefined;
  readonly config: FlatConfig;
}

/**
 * A configuration as text, and its hyperparameters by path.
 *
 * @throws {InvalidArgumentError} when it is not an object, or can't be represented in JSON
 */
export function checkedConfig(config: unknown): { readonly json: unknown; readonly flat: FlatConfig } {
  checkObject('the configuration of a run', config);
  if (Array.isArray(config))
    throw new InvalidArgumentError(`the configuration of a run is an object, not ${shown(config)}`);
  try {
    const text = JSON.stringify(config, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    return { json: JSON.parse(text), flat: flatConfig(JSON.parse(text)) };
  } catch (error) {
    throw new InvalidArgumentError(
      `the configuration of a run is kept as JSON, which can't say it: ${messageOf(error)}`,
    );
  }
}

/** Writes the file, replacing an existing one. */
export function writeRunConfig(folder: string, run: string, config: unknown): void {
  const versions = { 'tf-mechanics': ownVersion(), node: process.versions.node };
  const record = { run, made: new Date().toISOString(), config, versions };
  replaceFileSync(path.join(folder, CONFIG_FILE), `${JSON.stringify(record, null, 2)}\n`);
}

/** Reads the file in a folder; undefined if there is none, or it doesn't belong to a run. */
export function readRunConfig(folder: string): RunConfig | undefined {
  try {
    const { run, config } = JSON.parse(readFileSync(path.join(folder, CONFIG_FILE), 'utf8')) as Record<string, unknown>;
    if (typeof config !== 'object' || config === null || Array.isArray(config)) return undefined;
    return { run: typeof run === 'string' ? run : undefined, config: flatConfig(config) };
  } catch {
    return undefined; // missing, or someone else's
  }
}
