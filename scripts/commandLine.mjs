/** The command lines of `npm run <script> --`: all scripts parse, reject and explain arguments in the same way. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * Parses a script's arguments, with `options` and `allowPositionals` as for `util.parseArgs`; `check` may throw if they
 * make no sense together. `--help` prints the explanation, and invalid arguments a message; both exit before anything
 * is done.
 *
 * @param command how the script is called, if not as `npm run` with its name
 * @param args the arguments
 */
export function commandLine(
  url,
  {
    command = `npm run ${path.basename(fileURLToPath(url), '.mjs')}`,
    args = process.argv.slice(2),
    options = {},
    allowPositionals = false,
    check = (parsed) => parsed,
  } = {},
) {
  const help = { type: 'boolean', short: 'h' };
  try {
    const parsed = parseArgs({ args, options: { ...options, help }, allowPositionals, tokens: true });
    if (parsed.values.help) explain(url);
    return check(parsed);
  } catch (error) {
    console.error(`${error.message.split('. ')[0]} (${command} -- --help)`);
    process.exit(2);
  }
}

/** Prints a script's header comment and exits. */
export function explain(url) {
  const [, comment] = /^\/\*\*(.*?)\*\//s.exec(readFileSync(fileURLToPath(url), 'utf8'));
  console.log(
    comment
      .replace(/^ ?\* ?/gm, '')
      .replaceAll('`', '')
      .trim(),
  );
  process.exit(0);
}
