import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { declarationsFrom } from './npmignore.mjs';

it('the package has the declarations of its entries, and what they name in whichever way', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'declarations-'));
  const at = (file) => path.join(folder, file);
  try {
    mkdirSync(at('room'));
    writeFileSync(at('index.d.ts'), `export * from './a.js';\nexport type { B } from "./room";\nimport './c';`);
    writeFileSync(at('a.d.ts'), `export declare const d: import('./d').D;\nimport type { X } from 'elsewhere';`);
    writeFileSync(at('room/index.d.ts'), `import type * as up from '..';\nexport interface B {}`);
    for (const name of ['c', 'd', 'internal']) writeFileSync(at(`${name}.d.ts`), `import type { I } from './index';`);
    const found = [...declarationsFrom([at('index.d.ts')])].map((file) => path.relative(folder, file));
    expect(found.sort()).toEqual(['a.d.ts', 'c.d.ts', 'd.d.ts', 'index.d.ts', 'room/index.d.ts']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
