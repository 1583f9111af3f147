import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { installSpec } from '../lib/setup/kernelSpec.mjs';
import { inRoot } from './setup/paths.mjs';

let home;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

/** `npm run kernel -- <args>`, for a user whose Jupyter keeps its files in `home`. */
function kernel(...args) {
  const env = { ...process.env, HOME: home, JUPYTER_DATA_DIR: home };
  const { status, stdout, stderr } = spawnSync(process.execPath, [inRoot('scripts', 'kernel.mjs'), ...args], { env });
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

it.each([
  [['foo'], "unknown command 'foo'"],
  [['list', 'now'], "too many arguments for 'list'. Expected 0 arguments but got 1."],
  [['list', '--user', '--prefix', 'x'], "option '--user' cannot be used with option '--prefix <folder>'"],
  [['list', '--prefix', ''], "option '--prefix <folder>' argument '' is invalid. It must be a folder."],
  [
    ['list', '--name', '../x'],
    "option '--name <name>' argument '../x' is invalid. It may have small letters, digits and . _ - in it.",
  ],
  [['list', '--sudo'], "unknown option '--sudo'"],
])('answers %j with one line', (args, message) => {
  expect(kernel(...args)).toEqual({ status: 2, stdout: '', stderr: `error: ${message} (see --help)\n` });
});

it('explains itself', () => {
  expect(kernel('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('install [options]') });
});

it('lists and uninstalls what is installed for a user, or in a folder', async () => {
  for (const [place, data] of [
    [['--user'], home],
    [['--prefix', home], path.join(home, 'share', 'jupyter')],
  ]) {
    expect(kernel('list', ...place).stdout).toBe('tf-mechanics is not installed\n');
    const folder = await installSpec(data, { kernel: inRoot('kernel') });
    expect(kernel('list', ...place).stdout).toContain(folder);
    expect(kernel('uninstall', ...place)).toMatchObject({ status: 0, stdout: expect.stringContaining(folder) });
    expect(existsSync(folder)).toBe(false);
    expect(kernel('uninstall', ...place)).toMatchObject({ status: 1, stderr: expect.stringContaining(folder) });
  }
});
