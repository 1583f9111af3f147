import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { inRoot } from './setup/paths.mjs';

const scripts = [
  ...['build', 'docs', 'notebooks', 'protos', 'setup', 'translations', 'wasm'].map((name) => `scripts/${name}.mjs`),
  'tests/bench/bench.mjs',
  'tests/runtimes/runtimes.mjs',
];
const named = scripts.map((script) => [path.basename(script, '.mjs'), script]);

function start(script, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [inRoot(script), ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

it.each(named)(
  'npm run %s answers an option that it does not know with a line, before it does anything',
  (name, script) => {
    const stderr = `Unknown option '--nonsense' (npm run ${name} -- --help)\n`;
    expect(start(script, '--nonsense')).toEqual({ status: 2, stdout: '', stderr });
  },
);

it.each([...named, ['soak', 'scripts/soak.mjs']])('npm run %s explains itself by --help', (name, script) => {
  const stdout = expect.stringMatching(new RegExp(`^npm run ${name}`));
  expect(start(script, '--help')).toEqual({ status: 0, stdout, stderr: '' });
});

it.each([
  ['scripts/build.mjs', ['all'], "Unexpected argument 'all' (npm run build -- --help)"],
  ['scripts/notebooks.mjs', ['none.ipynb'], "there is no notebook 'none.ipynb' (npm run notebooks -- --help)"],
  ['tests/bench/bench.mjs', ['--rounds', '0'], '--rounds is a whole number from 1 on, not 0 (npm run bench -- --help)'],
  [
    'tests/runtimes/runtimes.mjs',
    ['python', '--', 'lib/src'],
    "'python' is no runtime; there are node@22, node@24, node@26, bun, deno (npm run runtimes -- --help)",
  ],
])('%s answers %j with a line that says what would be right', (script, args, message) => {
  expect(start(script, ...args)).toEqual({ status: 2, stdout: '', stderr: `${message}\n` });
});
