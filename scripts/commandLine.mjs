/** What stands behind `npm run <script> --`: all scripts take, refuse and explain it in the same way. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * The options and words of a script, by `options` and `allowPositionals` as `util.parseArgs` has them; `check` may throw where they make no
 * sense. `--help` explains the script, and what it doesn't take is answered with a line; both end the process before anything is done.
 *
 * @param command how one starts it, where that isn't `npm run` and its name
 * @param args what stands behind it
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

/** Prints the comment with which a script begins, without its signs, and ends the process. */
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
