/** The compiled library in other runtimes of JavaScript than the one that runs the tests. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { installed, names, tryWith } from './installed.mjs';

const lib = path.join(__dirname, '..', '..', 'lib');

describe('the library builds, trains, writes and reads', () => {
  it('in this Node', () => {
    expect(tryWith(process.execPath, lib)).toEqual({ ok: true, output: 'all of it works\n' });
  });

  for (const name of names) {
    const { program } = installed(name);
    const isThere = existsSync(program);
    it.skipIf(!isThere)(`in ${name}${isThere ? '' : ', which npm run runtimes installs'}`, () => {
      expect(tryWith(program, lib)).toEqual({ ok: true, output: 'all of it works\n' });
    });
  }
});
