import { expect, it } from 'vitest';
import { inheritedExecArgv, inheritedOptions } from './execArgv';

it.each([
  [
    ['--import', 'tsx', '--max-old-space-size=4096'],
    ['--import', 'tsx', '--max-old-space-size=4096'],
  ],
  [
    ['-r', 'ts-node/register', '--experimental-strip-types'],
    ['-r', 'ts-node/register', '--experimental-strip-types'],
  ],
  [['--inspect', '--inspect-brk=9229', '--inspect-port', '0', '--enable-source-maps'], ['--enable-source-maps']],
  [
    ['--require', './a.cjs', '-e', "search('--all')"],
    ['--require', './a.cjs'],
  ],
  [['--input-type=module', '--eval', 'await search()'], []],
  [
    ['-pe', '1 + 1', '--debug-port=1', '--conditions', 'node'],
    ['--conditions', 'node'],
  ],
  [['--watch', '--watch-path', 'src', '--test', '--env-file=.env'], ['--env-file=.env']],
])("passes on what is not this process's own: of %j %j", (given, inherited) => {
  expect(inheritedExecArgv(given)).toEqual(inherited);
});

it.each([
  ['', ''],
  ['--inspect', ''],
  [
    '--require ./a.cjs --inspect-brk=127.0.0.1:9229 --max-old-space-size=100',
    '--require ./a.cjs --max-old-space-size=100',
  ],
  ['--inspect-port 9230 --import tsx', '--import tsx'],
])('passes on of NODE_OPTIONS %j %j', (given, inherited) => {
  expect(inheritedOptions(given)).toBe(inherited);
});
