import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { longFirst, testsBy } from './tests/processes/where.mjs';

const include = [
  'lib/src/**/*.test.ts',
  'kernel/src/**/*.test.ts',
  'tests/**/*.test.ts',
  'scripts/**/*.test.mjs',
  'lib/setup/*.test.mjs',
];
const { alone, inThreads } = testsBy(['lib/src', 'lib/setup', 'kernel/src', 'tests', 'scripts']);
const unchanged = 'tests/processes/unchanged.ts';
const equalBytes = 'tests/processes/equalBytes.ts';

const common = {
  // A model of the library's own may import it by its name: the sources that are tested, not what was compiled of them.
  alias: { 'tf-mechanics': fileURLToPath(new URL('lib/src/index.ts', import.meta.url)) },
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // Kernels begin with what the set-up has made; none makes it beside the tests.
  env: { TF_MECHANICS_SNAPSHOT: 'kept' },
};
const shared = { ...common, isolate: false };

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longFirst(await super.sort(files));
  }
}

export default defineConfig({
  test: {
    // One more than cores: some tests wait most of their time, for processes to end, for a page, for a clock.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongFirst },
    globalSetup: 'tests/processes/runFolder.ts',
    projects: [
      { test: { ...common, name: 'alone', pool: 'forks', include: alone, setupFiles: [equalBytes] } },
      {
        test: {
          ...shared,
          name: 'shared',
          pool: 'forks',
          include,
          exclude: [...alone, ...inThreads],
          setupFiles: [equalBytes, unchanged, 'tests/processes/freshGraph.ts'],
        },
      },
      {
        test: { ...shared, name: 'threads', pool: 'threads', include: inThreads, setupFiles: [equalBytes, unchanged] },
      },
    ],
  },
});
