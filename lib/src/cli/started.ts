/** Finds out how this program was started, so that the commands it suggests can be typed as they are shown. */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { inheritedExecArgv } from '../hyperparameters/execArgv';
import { quoted } from './arguments';

/** What the user types to pass these arguments to the program that runs in this process. */
export function startedAs(words: readonly string[]): string {
  const [, file = ''] = process.argv;
  return [...(byScript(file, words) ?? [...byFile(file), ...words])].map((word) => quoted(word)).join(' ');
}

/** The same through a package.json script that starts this file, possibly with some of the arguments. */
function byScript(file: string, words: readonly string[]): string[] | undefined {
  const { npm_lifecycle_event: name, npm_lifecycle_script: script = '' } = process.env;
  // In this repository, the script's process becomes the program.
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
  const isTsx = flags.some((flag) => flag.includes('/node_modules/tsx/dist/preflight.')); // how `tsx main.ts` appears
  return [...(isTsx ? ['npx', 'tsx'] : ['node', ...flags]), relative.startsWith('..') ? file : relative];
}

/** The name of a package's program: a link in a `.bin` folder. */
function linkedName(file: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const folder = path.dirname(file);
  return path.basename(folder) === '.bin' || (path.extname(file) === '' && folders.includes(folder))
    ? path.basename(file)
    : undefined;
}

/** The target of links; the word itself if there is no such file. */
function real(word: string): string {
  try {
    return realpathSync(word);
  } catch {
    return word;
  }
}
