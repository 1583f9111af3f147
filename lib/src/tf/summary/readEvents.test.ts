import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Event } from '../../protos';
import { maskedCrc32c } from '../../runtime/crc32c';
import { DataLossError, NotFoundError } from '../../runtime/errors';
import { RecordBuffer } from '../../runtime/records';
import { memoryOf } from '../../testing/packedZeros';
import { FileWriter } from './fileWriter';
import { readEvents, summaryIterator } from './readEvents';
import { readScalars } from './readSummaries';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'events-'));
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

const warnings = () => vi.mocked(console.warn).mock.calls.map(([message]) => message as string);

const fileWith = (bytes: Uint8Array, name = 'events.out.tfevents.1.host') => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, bytes);
  fs.utimesSync(file, 1, 1); // long ago, so that nobody waits whether more is written
  return file;
};

/** An event file of Python's TensorFlow 2.15: `tf.compat.v1.summary.FileWriter` with a summary of two ops, then the session log. */
const FROM_PYTHON =
  '3e00000000000000d9d240e709000040fe24c1da411a0d627261696e2e4576656e743a3252240a2274656e736f72666c6f772e636f72652e7574696c2e6576656e74735f777269746572538cbc1e82000000000000007b3fc35f0990f775fe24c1da4110072a750a0b0a046c6f7373150000003f0a660a01682a6109000000000000e03f11000000000000e03f19000000000000144021000000000000044029000000000000f43f3218fae55a25d31fde3fb03125ee8091e03fffffffffffffef7f3a180000000000000000000000000000144000000000000000006c85d2200f000000000000006d532b09091a0076fe24c1da4110083a020801c21bd617';

/** One of `tf.summary.create_file_writer`, with `tf.summary.scalar('loss', …)` at two steps. */
const FROM_PYTHON_2 =
  '3e00000000000000d9d240e709000040ff24c1da411a0d627261696e2e4576656e743a3252240a2274656e736f72666c6f772e636f72652e7574696c2e6576656e74735f77726974657268b653642c00000000000000f4aecc4509ec146cff24c1da412a210a1f0a046c6f7373420a080112002204000000004a0b0a090a077363616c617273eb4ed4312e00000000000000c5cb57fa0914266cff24c1da4110012a210a1f0a046c6f7373420a0801120022040000003f4a0b0a090a077363616c6172730f4560b0';

describe('readEvents', () => {
  it("reads a file of Python's TensorFlow", async () => {
    const events = await readEvents(fileWith(Buffer.from(FROM_PYTHON, 'hex'))).toArray();
    expect(events[0]).toMatchObject({ fileVersion: 'brain.Event:2' });
    expect(events[1]).toMatchObject({
      step: 7,
      summary: {
        value: [
          { tag: 'loss', simpleValue: 0.5 },
          { tag: 'h', histo: { num: 5, min: 0.5, max: 0.5 } },
        ],
      },
    });
    expect(events[2]).toMatchObject({ step: 8, sessionLog: { status: 1 } });
    expect(events).toHaveLength(3);
  });

  it('gives everything before the end of a file that is cut off at any byte, and says where that is', async () => {
    const whole = Buffer.from(FROM_PYTHON, 'hex');
    const starts: number[] = [];
    for (let at = 0; at < whole.length; at += 16 + whole.readUInt32LE(at)) starts.push(at);
    expect(starts).toHaveLength(3);
    for (let cut = 0; cut < whole.length; cut++) {
      const file = fileWith(whole.subarray(0, cut));
      const events = readEvents(file);
      const sound = starts.filter((_, i) => (starts[i + 1] ?? whole.length) <= cut).length;
      expect(await events.toArray()).toHaveLength(sound);
      expect(events.damage).toMatchObject(
        cut === starts[sound] && cut > 0 ? [] : [{ path: file, offset: starts[sound], kind: 'truncated' }],
      );
      expect(events.damage).toHaveLength(cut === starts[sound] && cut > 0 ? 0 : 1);
    }
  });

  it('passes over a record in which a byte is wrong, and warns once', async () => {
    const bytes = Buffer.from(FROM_PYTHON, 'hex');
    const second = 16 + bytes.readUInt32LE(0);
    bytes[second + 30]! ^= 1;
    const file = fileWith(bytes);
    const events = readEvents(file);
    expect((await events.toArray()).map(({ step }) => step)).toEqual([0, 8]);
    expect(events.damage).toEqual([
      {
        path: file,
        offset: second,
        kind: 'corrupt',
        message: 'the record is corrupt: the checksum of its 130 bytes of data is wrong',
      },
    ]);
    expect(warnings()).toEqual([
      `${file} is damaged at byte ${second}, after 1 sound record: the record is corrupt: the checksum of its 130 bytes of data is wrong; 1 of those behind could be read`,
    ]);
  });

  it('stops where a length is wrong', async () => {
    const bytes = Buffer.from(FROM_PYTHON, 'hex');
    const second = 16 + bytes.readUInt32LE(0);
    bytes[second + 1]! ^= 1;
    expect(await readEvents(fileWith(bytes)).toArray()).toHaveLength(1);
    expect(warnings()[0]).toMatch(/the checksum of its length is wrong; none of those behind could be read$/);
  });

  it('passes over a record that holds something else', async () => {
    const records = new RecordBuffer();
    records.add(Buffer.from([0x09, 0]));
    records.add(Event.encode({ step: 3 }));
    const events = readEvents(fileWith(records.bytes.subarray(0, records.length)));
    expect((await events.toArray()).map(({ step }) => step)).toEqual([3]);
    expect(events.damage).toMatchObject([{ offset: 0, kind: 'corrupt' }]);
    expect(warnings()[0]).toMatch(/holds no event: .*; 1 of those behind could be read$/);
  });

  it('takes no more memory for a record that claims to be longer than the file', async () => {
    const header = Buffer.alloc(12);
    header.writeBigUInt64LE(2n ** 30n);
    header.writeUInt32LE(maskedCrc32c(header, 0, 8), 8);
    const file = fileWith(header);
    fs.truncateSync(file, 500 * 2 ** 20); // without taking room on the disk
    expect(await memoryOf(() => readEvents(file).toArray())).toBeLessThan(50);
    expect(warnings()[0]).toMatch(
      /the record is cut off after 524288000 of its 1073741840 bytes; its writer was stopped, or is still at work elsewhere$/,
    );
  });

  it('throws with strict, as the iterator of that name in Python does, once everything before the damage was given', async () => {
    const whole = Buffer.from(FROM_PYTHON, 'hex');
    const second = 16 + whole.readUInt32LE(0);
    const flipped = Buffer.from(whole);
    flipped[second + 30]! ^= 1;
    for (const bytes of [flipped, whole.subarray(0, second + 30), whole.subarray(0, second + 1)])
      for (const reader of [readEvents(fileWith(bytes), { strict: true }), summaryIterator(fileWith(bytes))]) {
        const events: Event[] = [];
        const reading = async () => {
          for await (const event of reader) events.push(event);
        };
        await expect(reading()).rejects.toThrow(DataLossError);
        expect(events).toHaveLength(1);
      }
    expect(warnings()).toEqual([]);
  });

  it('says so whatever byte of a file is wrong, and wherever it is cut short but between two records', async () => {
    const whole = Buffer.from(FROM_PYTHON, 'hex');
    const sound = await readEvents(fileWith(whole)).toArray();
    for (let at = 0; at < whole.length; at++) {
      const flipped = Buffer.from(whole);
      flipped[at]! ^= 1 << (at % 8);
      vi.mocked(console.warn).mockClear();
      const events = await readEvents(fileWith(flipped)).toArray();
      expect(warnings(), `byte ${at}`).toHaveLength(1);
      for (const event of events) expect(sound).toContainEqual(event);
    }
  });

  it('goes on to the next file of a folder, by name, and passes over other files', async () => {
    const whole = Buffer.from(FROM_PYTHON, 'hex');
    fileWith(whole, 'events.out.tfevents.2.host');
    const torn = fileWith(whole.subarray(0, whole.length - 1), 'events.out.tfevents.1.host');
    fileWith(Buffer.from('text'), 'checkpoint');
    const events = readEvents(folder);
    for (let reading = 0; reading < 2; reading++) {
      expect((await events.toArray()).map((event) => event.step)).toEqual([0, 7, 0, 7, 8]);
      expect(events.damage.map((damage) => damage.path)).toEqual([torn]);
    }
  });

  it("warns of a file that can't be read, and reads the others of its folder", async () => {
    fileWith(Buffer.from(FROM_PYTHON, 'hex'), 'events.out.tfevents.2.host');
    const gone = path.join(folder, 'events.out.tfevents.1.host');
    fs.symlinkSync(path.join(folder, 'gone'), gone);
    fs.mkdirSync(path.join(folder, 'events.out.tfevents.3.host'));
    const events = readEvents(folder);
    expect(await events.toArray()).toHaveLength(3);
    expect(events.damage.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable']);
    expect(warnings()).toEqual([
      expect.stringMatching(`^cannot read events from ${gone}: ENOENT`),
      expect.stringMatching(/^cannot read events from .*tfevents.3.host: EISDIR/),
    ]);
    await expect(readEvents(folder, { strict: true }).toArray()).rejects.toThrow(NotFoundError);
    await expect(readEvents(gone).toArray()).rejects.toThrow(NotFoundError);
    fs.rmSync(path.join(folder, 'events.out.tfevents.2.host'));
    await expect(readEvents(folder).toArray()).rejects.toThrow(`cannot read events from ${gone}: ENOENT`);
  });

  it('reads events that are larger than what is read at once', async () => {
    const writer = new FileWriter(folder);
    const graphs = [3_000_001, 10, 1_048_576].map((size, i) => new Uint8Array(size).fill(i + 1));
    for (const graph of graphs) writer.addGraph(graph);
    await writer.close();
    const events = await readEvents(writer.path).toArray();
    expect(events.slice(1).map((event) => Buffer.compare(event.graphDef!, graphs.shift()!))).toEqual([0, 0, 0]);
  });

  it('reads a file that is still being written', async () => {
    const writer = new FileWriter(folder);
    writer.addSummary({ value: [{ tag: 'loss', simpleValue: 1 }] }, 1);
    await writer.flush();
    const events = readEvents(writer.path);
    expect(await events.toArray()).toHaveLength(2);
    writer.addSummary({ value: [{ tag: 'loss', simpleValue: 1 }] }, 2);
    await writer.close();
    expect(await events.toArray()).toHaveLength(3);
    expect(events.damage).toEqual([]);
  });

  it('takes the unfinished last record of a file that is being written for no damage', async () => {
    const writer = new FileWriter(folder);
    writer.scalar('loss', 1, 1);
    await writer.flush();
    fs.truncateSync(writer.path, fs.statSync(writer.path).size - 3); // as if the rest were not there yet
    const events = readEvents(writer.path, { strict: true });
    expect(await events.toArray()).toHaveLength(1);
    expect(events.damage).toMatchObject([{ kind: 'truncated' }]);
    const elsewhere = path.join(folder, 'events.out.tfevents.2.host');
    fs.copyFileSync(writer.path, elsewhere);
    const growing = readEvents(elsewhere);
    for await (const _ of growing) setTimeout(() => fs.appendFileSync(elsewhere, 'x'), 5);
    expect(warnings()).toEqual([]);
    await writer.close();
    await readEvents(elsewhere).toArray();
    expect(warnings()).toHaveLength(1);
  });

  it('can be left early', async () => {
    for await (const event of readEvents(fileWith(Buffer.from(FROM_PYTHON, 'hex')))) {
      expect(event.fileVersion).toBe('brain.Event:2');
      break;
    }
  });

  it('says so when there is nothing to read', async () => {
    await expect(readEvents(folder).toArray()).rejects.toThrow(`there is no event file in ${folder}`);
    const missing = path.join(folder, 'missing');
    await expect(readEvents(missing).toArray()).rejects.toThrow(`cannot read events from ${missing}: ENOENT`);
    await expect(readEvents(missing).toArray()).rejects.toThrow(NotFoundError);
  });
});

describe('readScalars', () => {
  it('gives the scalars of each tag', async () => {
    const writer = new FileWriter(folder);
    for (let step = 1; step <= 3; step++) {
      writer.addSummary(
        {
          value: [
            { tag: 'loss', simpleValue: 1 / step },
            { tag: 'h', histo: { num: 1 } },
            { tag: 'acc', simpleValue: 0 },
          ],
        },
        step,
      );
    }
    await writer.close();
    const scalars = await readScalars(folder);
    expect([...scalars.keys()]).toEqual(['loss', 'acc']);
    expect(scalars.get('loss')?.map(({ step, value }) => [step, value])).toEqual([
      [1, 1],
      [2, 0.5],
      [3, Math.fround(1 / 3)],
    ]);
    expect(Math.abs(scalars.get('acc')![0]!.wallTime - Date.now() / 1000)).toBeLessThan(60);
  });

  it('knows the scalars of TensorFlow 2, which are tensors', async () => {
    const scalars = await readScalars(fileWith(Buffer.from(FROM_PYTHON_2, 'hex')));
    expect([...scalars]).toMatchObject([
      [
        'loss',
        [
          { step: 0, value: 0 },
          { step: 1, value: 0.5 },
        ],
      ],
    ]);
  });
});
