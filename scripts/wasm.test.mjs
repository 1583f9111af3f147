import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inRoot } from './setup/paths.mjs';
import { compiled } from './wasm.mjs';

it('npm run wasm has made scaleRows.ts of scaleRows.wat as it is now', async () => {
  expect(readFileSync(inRoot('lib', 'src', 'data', 'scaleRows.ts'), 'utf8')).toBe(await compiled());
});
