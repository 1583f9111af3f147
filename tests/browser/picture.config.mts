import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['tests/browser/picture.ts'], globalSetup: 'tests/processes/runFolder.ts' },
});
