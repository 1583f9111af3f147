import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataLossError, NotFoundError } from '../../runtime/errors';
import { decodePng } from '../../testing/decodePng';
import { FileWriter } from './fileWriter';
import { readHParams } from './hparams';
import { readScalars, readSummaries, type SummaryKinds } from './readSummaries';

/** An event file of TensorFlow 2.15's `tf.summary`: each kind at a step or two, and hyperparameters. */
const TENSORFLOW_2 =
  'PgAAAAAAAADZ0kDnCQAAAL5OwdpBGg1icmFpbi5FdmVudDoyUiQKInRlbnNvcmZsb3cuY29yZS51dGlsLmV2ZW50c193cml0ZXJ7LbNOLgAAAAAAAADFy1f6CXqlHL5OwdpBEAEqIQofCgRsb3NzQgoIARIAIgQAAAA/SgsKCQoHc2NhbGFycwlpuQEuAAAAAAAAAMXLV/oJ5q0cvk7B2kEQAiohCh8KBGxvc3NCCggBEgAiBAAAgD9KCwoJCgdzY2FsYXJzl4lUnnoAAAAAAAAAE4mGeAmWlR++TsHaQRADKm0KawoBaEJWCAISCBICCAMSAggDIkgAAAAAAADwPwAAAAAAAABAAAAAAAAA8D8AAAAAAAAAQAAAAAAAAAhAAAAAAAAAAEAAAAAAAAAIQAAAAAAAABBAAAAAAAAA8D9KDgoMCgpoaXN0b2dyYW1zHv1b2r0AAAAAAAAAYyEpCQnDLiC+TsHaQRAEKq8BCqwBCgFpQpoBCAcSBBICCARCATJCATFCRIlQTkcNChoKAAAADUlIRFIAAAACAAAAAQgAAAAA0UkgVgAAAAtJREFUCJljYPgPAAECAQBatSXfAAAAAElFTkSuQmCCQkSJUE5HDQoaCgAAAA1JSERSAAAAAgAAAAEIAAAAANFJIFYAAAALSURBVAiZY/zPAAACBAEB3zdOogAAAABJRU5ErkJggkoKCggKBmltYWdlcwWzCSqVAAAAAAAAANWTo0YJHO8gvk7B2kEQBSqHAQqEAQoBYUJwCAcSCBICCAISAggCQi5SSUZGJgAAAFdBVkVmbXQgEAAAAAEAAQBAHwAAgD4AAAIAEABkYXRhAgAAAAAAQgBCLlJJRkYmAAAAV0FWRWZtdCAQAAAAAQABAEAfAACAPgAAAgAQAGRhdGECAAAAAABCAEoNCgsKBWF1ZGlvEgIQC5WyZb8mAAAAAAAAAHNP4wAJOQ0hvk7B2kEQBioZChcKAXRCCAgHEgBCAmhpSggKBgoEdGV4dIyNCj8wAAAAAAAAAJX10F8JAhEhvk7B2kEQByojCiEKAXRCEggHEggSAggBEgIIAkIBYUIBYkoICgYKBHRleHRfEG9oyAAAAAAAAAD9qpB4CYoeIb5OwdpBKrwBCrkBChxfaHBhcmFtc18vc2Vzc2lvbl9zdGFydF9pbmZvQgYIARICEgBKkAEKjQEKB2hwYXJhbXMSgQEafwoKCgRmYXN0EgIgAQoRCgRyYXRlEgkRmpmZmZmZuT8KEwoJb3B0aW1pemVyEgYaBGFkYW0iQGM3YzIyODIzYzEzNTdhNzYxMzVlNjk4N2UyYzI2YjQzNTUwNTkxNDliZGZlYzc2MGI0ODQzYTJlNzM5OTM4M2YpUREhvk7B2kG+cG3b';

/** One of tensorboardX 2.6's `SummaryWriter`, as PyTorch has it too. */
const TENSORBOARD_X =
  'GAAAAAAAAACjf0siCQqgIb5OwdpBGg1icmFpbi5FdmVudDoyEqPxYhoAAAAAAAAAEpvYLQkzzyG+TsHaQRABKg0KCwoEbG9zcxUAAMA/duUzUYUAAAAAAAAA6YrMWQm24iG+TsHaQRACKngKdgoBaCpxCQAAAAAAAPA/EQAAAAAAABBAGQAAAAAAABBAIQAAAAAAACJAKQAAAAAAADlAMiAAAAAAAADwPwAAAAAAAABAAAAAAAAACEAAAAAAAAAQQDogAAAAAAAAAAAAAAAAAADwPwAAAAAAAABAAAAAAAAA8D+I4RCHZAAAAAAAAABDXxzfCQosIr5OwdpBEAMqVwpVCgFpIlAIARACGAMiSIlQTkcNChoKAAAADUlIRFIAAAACAAAAAQgCAAAAe0Do3QAAAA9JREFUeJxj/P//PwMDAwAO/wL/uMWemQAAAABJRU5ErkJggk9hIT9YAAAAAAAAAKKLL4wJym8ivk7B2kEQBCpLCkkKAWEyRA0AAPpFEAEYASIuUklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQIAAAAAACoJYXVkaW8vd2F2A+FgeTcAAAAAAAAA5+jKWQnCcCK+TsHaQRAFKioKKAoOdC90ZXh0X3N1bW1hcnlCDAgHEgQSAggBQgJoaUoICgYKBHRleHRmCUzu';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'summaries-'));
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

const warnings = () => vi.mocked(console.warn).mock.calls.map(([message]) => message as string);

/** What is read of a kind from an event file: by tag, without times. */
async function read<K extends keyof SummaryKinds>(file: string, kind: K) {
  fs.writeFileSync(path.join(folder, 'events.out.tfevents.1.host'), Buffer.from(file, 'base64'));
  const tags = [...(await readSummaries(folder, kind))];
  return Object.fromEntries(tags.map(([tag, events]) => [tag, events.map(({ wallTime, ...event }) => event)]));
}

describe('of TensorFlow 2, whose summaries are tensors, it reads', () => {
  it('scalars, of which only the first says what they are', async () => {
    expect(await read(TENSORFLOW_2, 'scalars')).toEqual({
      loss: [
        { step: 1, value: 0.5 },
        { step: 2, value: 1 },
      ],
    });
  });

  it('histograms', async () => {
    expect(await read(TENSORFLOW_2, 'histograms')).toEqual({
      h: [{ step: 3, lows: [1, 2, 3], highs: [2, 3, 4], counts: [1, 2, 1] }],
    });
  });

  it('each image of a batch', async () => {
    const { i: images } = await read(TENSORFLOW_2, 'images');
    expect(images).toMatchObject([
      { step: 4, width: 2, height: 1 },
      { step: 4, width: 2, height: 1 },
    ]);
    expect(images!.map(({ file }) => Array.from(decodePng(file, 1)))).toEqual([
      [0, 255],
      [255, 255],
    ]);
  });

  it('each sound of a batch', async () => {
    const { a: sounds } = await read(TENSORFLOW_2, 'audio');
    expect(sounds).toMatchObject([
      { step: 5, contentType: 'audio/wav' },
      { step: 5, contentType: 'audio/wav' },
    ]);
    for (const { file } of sounds!) expect(Buffer.from(file.subarray(0, 4)).toString()).toBe('RIFF');
  });

  it('texts, nested as they were', async () => {
    expect(await read(TENSORFLOW_2, 'text')).toEqual({
      t: [
        { step: 6, text: 'hi' },
        { step: 7, text: [['a', 'b']] },
      ],
    });
  });

  it('every tensor', async () => {
    const tensors = await read(TENSORFLOW_2, 'tensors');
    expect(Object.keys(tensors)).toEqual(['loss', 'h', 'i', 'a', 't', '_hparams_/session_start_info']);
    expect(tensors.h![0]!.tensor).toMatchObject({ dtype: 'float64', shape: [3, 3] });
  });

  it('hyperparameters', async () => {
    await read(TENSORFLOW_2, 'scalars');
    expect(await readHParams(folder)).toEqual({ rate: 0.1, optimizer: 'adam', fast: true });
  });
});

describe('of tensorboardX it reads', () => {
  it('every kind', async () => {
    expect(await read(TENSORBOARD_X, 'scalars')).toEqual({ loss: [{ step: 1, value: 1.5 }] });
    const { h } = await read(TENSORBOARD_X, 'histograms');
    expect(h).toMatchObject([{ step: 2, counts: [1, 2, 1] }]);
    expect([h![0]!.lows[0], h![0]!.highs.at(-1)]).toEqual([1, 4]);
    const { i } = await read(TENSORBOARD_X, 'images');
    expect(i).toMatchObject([{ step: 3, width: 2, height: 1 }]);
    expect(await read(TENSORBOARD_X, 'audio')).toMatchObject({ a: [{ step: 4, contentType: 'audio/wav' }] });
    expect(await read(TENSORBOARD_X, 'text')).toEqual({ 't/text_summary': [{ step: 5, text: ['hi'] }] });
  });
});

describe('of a run that went on from a checkpoint', () => {
  async function write(name: string, tags: string[], from: number, to: number): Promise<void> {
    const writer = new FileWriter(folder, { filenameSuffix: name });
    for (let step = from; step <= to; step += 10)
      for (const tag of tags) {
        writer.scalar(tag, step + tags.length, step);
        writer.histogram(`${tag}/histogram`, [step, tags.length], step);
        writer.text(`${tag}/text`, `${step} ${name}`, step);
        writer.image(`${tag}/image`, [[step, tags.length]], step);
      }
    await writer.close();
  }
  const upTo = (last: number) => Array.from({ length: last / 10 + 1 }, (_, i) => 10 * i);

  it('each kind is that of the last time that a step was written, through several files', async () => {
    await write('a', ['loss', 'once'], 0, 150);
    await write('b', ['loss'], 100, 190);
    await write('c', ['loss'], 180, 200);
    const { loss, once } = Object.fromEntries(await readScalars(folder));
    expect(loss!.map(({ step }) => step)).toEqual(upTo(200));
    expect(loss!.map(({ step, value }) => value - step)).toEqual(upTo(200).map((step) => (step < 100 ? 2 : 1)));
    expect(once!.map(({ step }) => step)).toEqual(upTo(150)); // nothing has taken its place
    for (const kind of ['histograms', 'text', 'images', 'tensors'] as const) {
      const found = await readSummaries(folder, kind);
      for (const [tag, events] of found)
        expect(events.map(({ step }) => step)).toEqual(upTo(tag.startsWith('loss') ? 200 : 150));
      expect(found.size).toBe(2);
    }
    expect(
      (await readSummaries(folder, 'text'))
        .get('loss/text')!
        .map(({ text }) => text)
        .slice(-4),
    ).toEqual([...['170 b', '180 c', '190 c', '200 c']]);
  });

  it('everything is there when it is asked for', async () => {
    await write('a', ['loss'], 0, 50);
    await write('b', ['loss'], 30, 60);
    const all = (await readScalars(folder, { superseded: true })).get('loss')!;
    expect(all.map(({ step }) => step)).toEqual([...upTo(50), 30, 40, 50, 60]);
  });
});

describe('of a damaged file', () => {
  /** Writes ten scalars, and gives the file and where its records start. */
  async function ten(): Promise<{ file: string; bytes: Buffer; starts: number[] }> {
    const writer = new FileWriter(folder);
    for (let step = 0; step < 10; step++) writer.scalar('loss', step, step);
    await writer.close();
    const bytes = fs.readFileSync(writer.path);
    const starts: number[] = [];
    for (let at = 0; at < bytes.length; at += 16 + bytes.readUInt32LE(at)) starts.push(at);
    return { file: writer.path, bytes, starts };
  }

  it('what is sound is given, and a warning says what is not', async () => {
    const { file, bytes, starts } = await ten();
    bytes[starts[5]! + 20]! ^= 1; // the file begins with its version
    fs.writeFileSync(file, bytes);
    const steps = (await readScalars(file)).get('loss')!.map(({ step }) => step);
    expect(steps).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9]);
    expect(warnings()).toEqual([
      expect.stringMatching(
        / is damaged at byte \d+, after 5 sound records: the record is corrupt: .*; 5 of those behind/,
      ),
    ]);
    await expect(readScalars(file, { strict: true })).rejects.toThrow(DataLossError);
    expect(await readHParams(file)).toBeUndefined();
    expect(warnings()).toHaveLength(2);
  });

  it('nothing is lost without a word, whichever byte is wrong', async () => {
    const { file, bytes } = await ten();
    const sound = await readScalars(file);
    for (let at = 0; at < bytes.length; at += 3) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1 << (at % 8);
      fs.writeFileSync(file, flipped);
      fs.utimesSync(file, 1, 1);
      vi.mocked(console.warn).mockClear();
      const found = await readScalars(file);
      if (warnings().length !== 1) expect(found).toEqual(sound);
      for (const event of found.get('loss') ?? []) expect(sound.get('loss')).toContainEqual(event);
    }
  });

  it('hyperparameters that are none are told', async () => {
    const writer = new FileWriter(folder);
    writer.hparams({ lr: 0.1 });
    const pluginData = { pluginName: 'hparams', content: Uint8Array.of(0x1a, 0xff) };
    writer.addSummary({ value: [{ tag: '_hparams_/other', metadata: { pluginData } }] });
    await writer.close();
    expect(await readHParams(folder)).toEqual({ lr: 0.1 });
    expect(warnings()).toEqual([expect.stringMatching(/: the hyperparameters can't be read: /)]);
    await expect(readHParams(folder, { strict: true })).rejects.toThrow(DataLossError);
  });

  it('a tensor that claims more elements than it has is told, and takes no memory', async () => {
    const writer = new FileWriter(folder);
    const metadata = { pluginData: { pluginName: 'scalars' } };
    const huge = { dtype: 1, tensorShape: { dim: [{ size: 2 ** 31 }, { size: 2 ** 20 }] }, floatVal: [1] };
    const negative = { dtype: 1, tensorShape: { dim: [{ size: -1 }] }, floatVal: [1] };
    const short = { dtype: 1, tensorShape: { dim: [] }, tensorContent: Uint8Array.of(1, 2) };
    for (const [step, tensor] of [huge, negative, short].entries())
      writer.addSummary({ value: [{ tag: 'a', metadata, tensor }] }, step);
    writer.addSummary({ value: [{ tag: 'a', tensor: { dtype: 1, floatVal: [0.5] } }] }, 4);
    writer.addSummary({ value: [{ tag: 'h', histo: { bucket: [1, 2], bucketLimit: [1] } }] }, 4);
    await writer.close();
    expect((await readScalars(folder)).get('a')).toMatchObject([{ step: 4, value: 0.5 }]);
    expect(warnings()[0]).toMatch(
      /the summary 'a' can't be read: it claims to be float32 \[2147483648, 1048576\], and has 1 elements, and 2 more are damaged/,
    );
    expect((await readSummaries(folder, 'histograms')).size).toBe(0);
    expect(warnings()[1]).toMatch(/the summary 'h' can't be read: the histogram has 2 counts for 1 buckets/);
    await expect(readSummaries(folder, 'tensors', { strict: true })).rejects.toThrow(DataLossError);
  });
});

it('says so when there is nothing to read', async () => {
  await expect(readSummaries(folder, 'images')).rejects.toThrow(NotFoundError);
});
