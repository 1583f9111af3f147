import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { inRoot } from './setup/paths.mjs';
import { hasDisplay } from './start/browser.mjs';
import { languageOf } from './start/language.mjs';

/** `npm start -- <args>` */
function start(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [inRoot('scripts', 'start.mjs'), ...args]);
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

it.each([
  [['--port', 'http'], '--port takes a number from 1 to 65535, not http'],
  [['--tensorboard-port', '70000'], '--tensorboard-port takes a number from 1 to 65535, not 70000'],
  [['--language', 'chinese'], '--language takes en or zh, not chinese'],
  [['--browser'], "Unknown option '--browser'"],
  [['train'], "Unexpected argument 'train'"],
])('answers %j with one line, before it does anything', (args, message) => {
  expect(start(...args)).toEqual({ status: 2, stdout: '', stderr: `${message} (npm start -- --help)\n` });
});

it('explains its options', () => {
  expect(start('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--tensorboard-port <port>') });
});

it('opens a browser only where there is a display', () => {
  expect(hasDisplay({ env: {}, platform: 'linux' })).toBe(false);
  expect(hasDisplay({ env: { WAYLAND_DISPLAY: 'wayland-0' }, platform: 'linux' })).toBe(true);
  expect(hasDisplay({ env: {}, platform: 'darwin' })).toBe(true);
});

it.each([
  [{}, 'en'],
  [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
  [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'C.UTF-8' }, 'en'],
  [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'zh_TW' }, 'zh'],
  [{ LANG: 'de_DE.UTF-8' }, 'en'],
])('takes from the environment %j the language %s', (env, language) => {
  expect(languageOf(env)).toBe(language);
});
