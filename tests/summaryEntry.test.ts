/** `tf-mechanics/summary`, as a program outside of this repository has it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'summary-'));
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(path.join(__dirname, '..', 'lib'), path.join(folder, 'node_modules', 'tf-mechanics'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What a program prints last, as JSON; it runs in a folder of its own, which has the package. */
function run(name: string, code: string): unknown {
  const file = path.join(folder, name);
  writeFileSync(file, code);
  const output = execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' });
  return JSON.parse(output.trim().split('\n').at(-1)!);
}

it('writes event files and reads them, from CommonJS and from ES modules', () => {
  const program = `
    const writer = new FileWriter('logs');
    for (let step = 0; step < 3; step++) writer.scalar('loss', 1 / (step + 1), step);
    await writer.close();
    const points = (await readScalars('logs')).get('loss').map(({ step, value }) => [step, value]);
    console.log(JSON.stringify(points));`;
  const expected = [
    [0, 1],
    [1, 0.5],
    [2, Math.fround(1 / 3)],
  ];
  const names = '{ FileWriter, readScalars }';
  expect(run('a.mjs', `import ${names} from 'tf-mechanics/summary'; ${program}`)).toEqual(expected);
  rmSync(path.join(folder, 'logs'), { recursive: true });
  expect(run('b.cjs', `const ${names} = require('tf-mechanics/summary'); (async () => {${program}})();`)).toEqual(
    expected,
  );
});

it('loads neither libtensorflow nor what calls it, and little else', () => {
  const found = run(
    'c.cjs',
    `require('tf-mechanics/summary');
    const shared = Object.values(process.report.getReport().sharedObjects).join(' ');
    const loaded = Object.keys(require.cache).map((file) => file.split('node_modules/').pop());
    console.log(JSON.stringify({
      native: loaded.filter((file) => file.endsWith('.node') || /^(koffi|@koromix|@tensorflow|@napi-rs)/.test(file)),
      tensorflow: shared.includes('tensorflow'),
      megabytes: process.memoryUsage().rss / 1e6,
    }));`,
  ) as { native: string[]; tensorflow: boolean; megabytes: number };
  expect(found).toMatchObject({ native: [], tensorflow: false });
  expect(found.megabytes).toBeLessThan(75);
});
