/** Event files that other programs have written, read back. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHParams, readScalars, readSummaries, type SummaryKinds } from '../../lib/src/tf/summary';
import { pythonWith, runPython, skipped } from './python';

const python = pythonWith('tensorboard');

describe.skipIf(!python)(python ? 'event files of other programs' : skipped('tensorboard'), () => {
  let folder: string;
  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'other-writers-'));
    expect(await runPython(python!, 'write_events.py', folder)).toEqual(['tensorboardx', 'tensorflow2']);
  });
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** By tag, what was read, without times. */
  async function read<K extends keyof SummaryKinds>(run: string, kind: K): Promise<Record<string, unknown[]>> {
    const tags = [...(await readSummaries(path.join(folder, run), kind))];
    return Object.fromEntries(
      tags.map(([tag, events]) => {
        expect(events.every(({ step, wallTime }) => wallTime === 1000 + step)).toBe(true);
        return [tag, events.map(({ wallTime, ...event }) => event)];
      }),
    );
  }
  const bytes = (text: string) => new Uint8Array(Buffer.from(text));

  it('are read of TensorFlow 2, whose summaries are all tensors', async () => {
    const run = 'tensorflow2';
    const twice = (...values: object[]) => [0, 1].flatMap((step) => values.map((value) => ({ step, ...value })));
    expect(await read(run, 'scalars')).toEqual({
      loss: twice({ value: 0.5 }),
      double: twice({ value: 0.1 }),
      count: twice({ value: 2 ** 40 }),
    });
    expect(await read(run, 'histograms')).toEqual({ h: twice({ lows: [0, 1], highs: [1, 2.5], counts: [2, 3] }) });
    const size = { width: 3, height: 2 };
    expect(await read(run, 'images')).toEqual({
      i: twice({ ...size, file: bytes('first') }, { ...size, file: bytes('second') }),
    });
    const contentType = 'audio/wav';
    expect(await read(run, 'audio')).toEqual({
      a: twice({ file: bytes('one'), contentType }, { file: bytes('two'), contentType }),
    });
    expect(await read(run, 'text')).toEqual({
      t: twice({ text: 'hello' }),
      table: twice({
        text: [
          ['a', 'b'],
          ['c', 'd'],
        ],
      }),
    });
    expect(await readHParams(path.join(folder, run))).toEqual({
      rate: 0.1,
      units: 32,
      optimizer: 'adam',
      dropout: true,
    });
    const tensors = await readSummaries(path.join(folder, run), 'tensors');
    expect(tensors.get('h')?.[1]?.tensor.toArray()).toEqual([
      [0, 1, 2],
      [1, 2.5, 3],
    ]);
    expect((await readScalars(path.join(folder, run))).get('loss')).toHaveLength(2);
  });

  it('are read of tensorboardX and PyTorch', async () => {
    const run = 'tensorboardx';
    expect(await read(run, 'scalars')).toEqual({ loss: [{ step: 7, value: 0.25 }] });
    expect(await read(run, 'histograms')).toEqual({
      h: [{ step: 7, lows: [-1, 0, 1], highs: [0, 1, 3], counts: [1, 0, 3] }],
    });
    expect(await read(run, 'images')).toEqual({ i: [{ step: 7, width: 3, height: 2, file: bytes('picture') }] });
    expect(await read(run, 'audio')).toEqual({ a: [{ step: 7, file: bytes('sound'), contentType: 'audio/wav' }] });
    expect(await read(run, 'text')).toEqual({ 't/text_summary': [{ step: 7, text: ['hello'] }] });
    expect(await readHParams(path.join(folder, run))).toBeUndefined();
  });
});
