import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { testsBy } from './tests/processes/where.mjs';

const include = [
  'lib/src/**/*.test.ts',
  'kernel/src/**/*.test.ts',
  'tests/**/*.test.ts',
  'scripts/**/*.test.mjs',
  'lib/setup/*.test.mjs',
];
const { alone, inThreads } = testsBy(['lib/src', 'lib/setup', 'kernel/src', 'tests', 'scripts']);
const unchanged = 'tests/processes/unchanged.ts';

const common = {
  // A model of the library's own may import it by its name: the sources that are tested, not what was compiled of them.
  alias: { 'tf-mechanics': fileURLToPath(new URL('lib/src/index.ts', import.meta.url)) },
  testTimeout: 120_000,
  hookTimeout: 120_000,
};
const shared = { ...common, isolate: false };

export default defineConfig({
  test: {
    // All cores: vitest would leave one for itself, which is half of two, and needs next to nothing.
    maxWorkers: availableParallelism(),
    projects: [
      { test: { ...common, name: 'alone', pool: 'forks', include: alone } },
      {
        test: {
          ...shared,
          name: 'shared',
          pool: 'forks',
          include,
          exclude: [...alone, ...inThreads],
          setupFiles: [unchanged, 'tests/processes/freshGraph.ts'],
        },
      },
      { test: { ...shared, name: 'threads', pool: 'threads', include: inThreads, setupFiles: [unchanged] } },
    ],
  },
});
