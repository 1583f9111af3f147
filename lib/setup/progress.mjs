/**
 * What the set-up prints: a line for each step, and the progress of long ones. Everything goes to stderr, since stdout
 * belongs to the program being prepared.
 */
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';

// If the reader has gone (`npm start | head -1`), output is dropped and the work continues.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const megabytes = (bytes) => Math.round(bytes / 1e6);
const wholeSeconds = (since) => Math.round((Date.now() - since) / 1000);

/** Announces a step, or the end of the set-up. */
export function say(message) {
  console.error(`set-up: ${indented(message)}`);
}

/** Prints a note about the current step. */
export function note(message) {
  console.error(`  ${indented(message)}`);
}

const indented = (message) => message.replaceAll('\n', '\n  ');

/** A progress text: `43 %, 89 of 207 MB, 5 s`. `done` and `total` may be unknown. */
export function howFar({ done, total, seconds }) {
  const parts = [];
  if (done !== undefined && total) {
    parts.push(`${Math.min(100, Math.floor((100 * done) / total))} %`, `${megabytes(done)} of ${megabytes(total)} MB`);
  } else if (done !== undefined) {
    parts.push(`${megabytes(done)} MB`);
  }
  return [...parts, `${seconds} s`].join(', ');
}

/**
 * Shows that `label` goes on until the returned function is called: one line that is rewritten on a terminal; elsewhere
 * a line to begin with, then one every 15 seconds. `measure` says how many bytes there are by now.
 */
export function showProgress(label, { measure, total } = {}, stream = process.stderr) {
  const since = Date.now();
  const rewritten = stream.isTTY;
  const line = () => `  ${label} … ${howFar({ done: measure?.(), total, seconds: wholeSeconds(since) })}`;
  const show = () => stream.write(rewritten ? `\r\x1b[K${line()}` : `${line()}\n`);

  if (rewritten) show();
  else stream.write(`  ${label} …\n`);
  const timer = setInterval(show, rewritten ? 200 : 15_000);
  return () => {
    clearInterval(timer);
    if (rewritten) stream.write(`\r\x1b[K  ${label} … ${wholeSeconds(since)} s\n`);
  };
}

/** The bytes in a folder, or in nothing: it may be growing, vanish or not exist yet. */
export function folderSize(folder) {
  let bytes = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      bytes += entry.isDirectory() ? folderSize(file) : lstatSync(file).size;
    }
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return bytes;
}
