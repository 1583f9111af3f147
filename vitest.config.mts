import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // A model of the library's own may import it by its name: the sources that are tested, not what was compiled of them.
    alias: { 'tf-mechanics': fileURLToPath(new URL('lib/src/index.ts', import.meta.url)) },
    include: ['lib/src/**/*.test.ts', 'kernel/src/**/*.test.ts', 'tests/**/*.test.ts', 'scripts/**/*.test.mjs'],
    // libtensorflow keeps process-wide state (thread pools, its log level), so every file has a process of its own.
    pool: 'forks',
    // All cores: vitest would leave one for itself, which is half of two, and needs next to nothing.
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
