/** Finds out how this program was started, so that the commands it suggests can be typed as they are shown. */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { inheritedExecArgv } from '../hyperparameters/execArgv';
import { quoted } from './arguments';

/** What one types to give these words to the program that runs in this process. */
export function startedAs(words: readonly string[]): string {
  const [, file = ''] = process.argv;
  return [...(byScript(file, words) ?? [...byFile(file), ...words])].map((word) => quoted(word)).join(' ');
}

/** As the script of a package.json that has started this file, and gives it some of the words. */
function byScript(file: string, words: readonly string[]): string[] | undefined {
  const { npm_lifecycle_event: name, npm_lifecycle_script: script = '' } = process.env;
  // The program of this repository goes on in the process of a script.
  const started = [process.env.TF_MECHANICS_PROGRAM ?? file, file].map(real);
  const all = script.split(/\s+/);
  const place = all.findIndex((word) => started.includes(real(word)) || word === linkedName(file));
  if (name === undefined || place < 0) return undefined;
  const given = all.slice(place + 1);
  const [others, isItself] = [words.slice(given.length), given.every((word, i) => word === words[i])];
  return isItself ? ['npm', 'run', name, ...(others.length > 0 ? ['--', ...others] : [])] : undefined;
}

function byFile(file: string): string[] {
  const name = linkedName(file);
  if (name !== undefined) return path.basename(path.dirname(file)) === '.bin' ? ['npx', name] : [name];
  const relative = path.relative('', file);
  const flags = inheritedExecArgv(process.execArgv);
  const isTsx = flags.some((flag) => flag.includes('/node_modules/tsx/dist/preflight.')); // what `tsx main.ts` becomes
  return [...(isTsx ? ['npx', 'tsx'] : ['node', ...flags]), relative.startsWith('..') ? file : relative];
}

/** The name of a program that a package has: a link in a folder of such. */
function linkedName(file: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const folder = path.dirname(file);
  return path.basename(folder) === '.bin' || (path.extname(file) === '' && folders.includes(folder))
    ? path.basename(file)
    : undefined;
}

/** The file behind links; the word itself where there is none. */
function real(word: string): string {
  try {
    return realpathSync(word);
  } catch {
    return word;
  }
}
