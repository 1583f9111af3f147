/** Tests whether a libtensorflow works, in a child process, which it may crash. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CommandError, run, SetupError } from './command.mjs';

const compiled = (file) => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));

const program = `
const { tf } = require(${JSON.stringify(compiled('index.js'))});
const three = new tf.Session().runSync(tf.add(1, 2));
if (three !== 3) throw new Error('1 + 2 gave ' + three);
console.log(require(${JSON.stringify(compiled('library.js'))})('runtime/capi').capi().version());`;

/**
 * Runs an operation with the libtensorflow in a folder and returns its version; undefined if this repository isn't
 * compiled yet.
 */
export async function checkLibrary(folder) {
  if (!existsSync(compiled('index.js'))) return undefined;
  try {
    const output = await run(process.execPath, ['-e', program], { env: { TF_MECHANICS_LIBTENSORFLOW: folder } });
    return output.trim().split('\n').at(-1);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new SetupError(`the libtensorflow in ${folder} does not work here: ${reason(error)}`);
  }
}

function reason({ signal, message, output }) {
  if (signal === 'SIGILL') return 'this processor lacks instructions that it was compiled for (SIGILL)';
  if (signal) return `it ended its process by ${signal}`;
  const lines = output.split('\n').map((line) => line.trim());
  return lines.find((line) => /^\w*Error\b.*: /.test(line)) ?? lines.find((line) => line !== '') ?? message;
}
