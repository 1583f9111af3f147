import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['lib/src/**/*.test.ts', 'kernel/src/**/*.test.ts', 'tests/**/*.test.ts', 'scripts/**/*.test.mjs'],
    // libtensorflow keeps process-wide state (thread pools, its log level), so every file has a process of its own.
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
