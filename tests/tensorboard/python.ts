/**
 * The Python that has the package `tensorboard`: the set-up puts it into `.venv`; `TF_MECHANICS_PYTHON` names another.
 */
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';

export const python = process.env.TF_MECHANICS_PYTHON ?? path.join(__dirname, '../../.venv/bin/python');

/** Why tests with TensorBoard can't run here, or undefined where they can. */
export const skipped = fs.existsSync(python)
  ? undefined
  : `TensorBoard's tests are skipped: there is no ${python} (npm test makes it)`;
if (skipped) console.warn(skipped);

/** What a script beside this file prints, as JSON. */
export async function runPython<T>(script: string, ...parameters: string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(python, [path.join(__dirname, script), ...parameters], {
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout);
}
