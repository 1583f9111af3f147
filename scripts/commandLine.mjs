/** What stands behind `npm run <script> --`: all scripts take, refuse and explain it in the same way. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * The options and words of a script, by `options` and `allowPositionals` as `util.parseArgs` has them; `check` may throw where they make no
 * sense. `--help` explains the script, and what it doesn't take is answered with a line; both end the process before anything is done.
 */
export function commandLine(url, { options = {}, allowPositionals = false, check = (parsed) => parsed } = {}) {
  const name = path.basename(fileURLToPath(url), '.mjs');
  try {
    const parsed = parseArgs({
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals,
      tokens: true,
    });
    if (parsed.values.help) explain(url);
    return check(parsed);
  } catch (error) {
    console.error(`${error.message.split('. ')[0]} (npm run ${name} -- --help)`);
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
