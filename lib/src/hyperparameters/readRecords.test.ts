import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataLossError, InvalidArgumentError } from '../runtime/errors';
import { readReportRecords, readSearchRecords } from './readRecords';
import { readResults } from './results';
import { search } from './search';

let folder: string;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'records-'));
  await search({ ...options(), resultDir: path.join(folder, 'sound') });
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const options = () => ({
  algorithm: 'random' as const,
  space: { x: 1 },
  metric: 'score',
  maxIterations: 2,
  trials: 2,
  seed: 1,
  trial: async () => ({ metrics: { score: 1 }, iteration: 2 }),
});

/** The journal of a search with one line changed. */
function edited(line: number, edit: (record: Record<string, unknown>) => unknown): string {
  const resultDir = path.join(folder, 'edited');
  fs.mkdirSync(resultDir, { recursive: true });
  const lines = fs
    .readFileSync(path.join(folder, 'sound', 'journal.jsonl'), 'utf8')
    .trim()
    .split('\n');
  lines[line] = JSON.stringify(edit(JSON.parse(lines[line]!)));
  fs.writeFileSync(path.join(resultDir, 'journal.jsonl'), `${lines.join('\n')}\n`);
  return resultDir;
}

describe('the journal of a search', () => {
  it('is read as it was written', () => {
    const types = readSearchRecords(path.join(folder, 'sound')).map(({ type }) => type);
    expect(types).toEqual(['search', 'started', 'finished', 'started', 'finished', 'complete']);
    expect(readResults(path.join(folder, 'sound')).trials).toHaveLength(2);
  });

  it.each([
    [0, 'a number', () => 5, 'expected an object'],
    [0, 'a list', () => [1], 'expected an object'],
    [
      0,
      'no type',
      () => ({}),
      'expected search or started or finished or failed or lost or complete for type, not undefined',
    ],
    [0, 'a type of every object', () => ({ type: 'constructor' }), 'for type, not "constructor"'],
    [
      0,
      'no settings',
      (record: object) => ({ ...record, settings: null }),
      'expected an object for settings, not null',
    ],
    [
      0,
      'a billion trials',
      ({ settings, ...record }: { settings?: object }) => ({ ...record, settings: { ...settings, trials: 1e9 } }),
      'expected from 1 to 1000000 for trials, not 1000000000 for settings',
    ],
    [
      1,
      'a trial without a number',
      (record: object) => ({ ...record, trial: 'first' }),
      'expected a number of a trial',
    ],
    [1, 'a trial without a configuration', (record: object) => ({ ...record, config: undefined }), 'for config'],
    [
      2,
      'metrics of texts',
      (record: object) => ({ ...record, metrics: { score: 'good' } }),
      'numbers by their names for metrics',
    ],
    [2, 'no time', (record: object) => ({ ...record, seconds: '1' }), 'expected a number for seconds, not "1"'],
  ] as const)('is refused where its line %d has %s', async (line, _, edit, message) => {
    const resultDir = edited(line, edit as never);
    expect(() => readResults(resultDir)).toThrow(DataLossError);
    expect(() => readResults(resultDir)).toThrow(
      `line ${line + 1} of ${path.join(resultDir, 'journal.jsonl')} is no record: `,
    );
    expect(() => readResults(resultDir)).toThrow(message);
    await expect(search({ ...options(), resultDir, resume: true })).rejects.toThrow(DataLossError);
  });

  it('is not begun for more trials than can be kept', async () => {
    const endless = { ...options(), resultDir: path.join(folder, 'endless') };
    await expect(search({ ...endless, trials: 1e9 })).rejects.toThrow(InvalidArgumentError);
    const { trials: _, ...others } = endless;
    await expect(search({ ...others, algorithm: 'hyperband', maxIterations: 1e9 })).rejects.toThrow(
      /^a search has at most 1000000 trials; this one would have \d+$/,
    );
  });
});

it('reports that are none are refused', () => {
  const file = path.join(folder, 'reports.jsonl');
  fs.writeFileSync(file, '{"iteration":1,"metrics":{"loss":null}}\n{"iteration":"2","metrics":{}}\n');
  expect(() => readReportRecords(file)).toThrow('line 2 of');
  fs.writeFileSync(file, '{"iteration":1,"metrics":{"loss":null}}\n');
  expect(readReportRecords(file)).toEqual([{ iteration: 1, metrics: { loss: null } }]);
});
