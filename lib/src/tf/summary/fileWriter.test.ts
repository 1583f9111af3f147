import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Event, GraphDef, RunMetadata, Summary } from '../../protos';
import { FakeNotebook } from '../../testing/notebook';
import { FileWriter } from './fileWriter';
import { readEvents } from './readEvents';

const scalar = (tag: string, simpleValue: number) => Summary.encode({ value: [{ tag, simpleValue }] });

let logdir: string;
beforeEach(() => {
  logdir = fs.mkdtempSync(path.join(os.tmpdir(), 'events-'));
});
afterEach(() => {
  fs.rmSync(logdir, { recursive: true, force: true });
});

const eventsOf = (fileOrFolder: string): Promise<Event[]> => readEvents(fileOrFolder).toArray();
const stepsOf = async (file: string) => (await eventsOf(file)).slice(1).map((event) => event.step);

describe('FileWriter', () => {
  it('creates the folder and a file with the name that TensorFlow gives', async () => {
    const folder = path.join(logdir, 'a', 'run');
    const writer = new FileWriter(folder, { filenameSuffix: '.suffix' });
    const [name, ...others] = fs.readdirSync(folder);
    expect(others).toEqual([]);
    expect(writer.path).toBe(path.join(folder, name!));
    expect(writer.getLogdir()).toBe(folder);
    const [, seconds] = /^events\.out\.tfevents\.(\d{10})\./.exec(name!)!;
    expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(60);
    expect(name).toContain(`.${os.hostname()}.`);
    expect(name).toMatch(/\.suffix$/);
    await writer.close();
  });

  it('names files of the same second in the order in which they were made', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);
    const made: string[] = [];
    for (let i = 0; i < 101; i++) {
      const writer = new FileWriter(logdir);
      made.push(path.basename(writer.path));
      await writer.close();
    }
    vi.restoreAllMocks();
    expect([...made].sort()).toEqual(made);
  });

  it('closes at the end of the block that it belongs to', async () => {
    const writer = await (async () => {
      await using writer = new FileWriter(logdir);
      writer.scalar('loss', 1, 7);
      return writer;
    })();
    expect(() => writer.scalar('loss', 1)).toThrow('is closed');
    expect(await stepsOf(writer.path)).toEqual([7]);
  });

  it('has in its file what a cell of a notebook has written when the cell ends, whichever way', async () => {
    const notebook = new FakeNotebook();
    try {
      const writer = new FileWriter(logdir);
      for (const step of [1, 2]) {
        writer.scalar('loss', 1, step);
        expect(await stepsOf(writer.path)).toHaveLength(step - 1);
        await notebook.endCell();
        expect(await stepsOf(writer.path)).toHaveLength(step);
      }
      await writer.close();
      await notebook.endCell();
    } finally {
      notebook.close();
    }
  });

  it('begins a file with its version, which is there at once', async () => {
    const writer = new FileWriter(logdir);
    const [event] = await eventsOf(writer.path);
    expect(event).toMatchObject({ step: 0, fileVersion: 'brain.Event:2' });
    expect(Math.abs(event!.wallTime - Date.now() / 1000)).toBeLessThan(60);
    await writer.close();
  });

  it('writes every kind of event, in their order', async () => {
    const graph = GraphDef.encode({ node: [{ name: 'x', op: 'NoOp' }] });
    const metadata = RunMetadata.encode({ stepStats: { devStats: [{ device: '/cpu:0' }] } });
    const writer = new FileWriter(logdir, { graph: { toGraphDef: () => graph } });
    writer.addSummary(scalar('loss', 0.5), 1);
    writer.addSummary({ value: [{ tag: 'precision', simpleValue: 0.25 }] }, 2n);
    writer.addGraph(graph, 3);
    writer.addMetaGraph({ metaInfoDef: { tags: ['train'] } }, 4);
    writer.addMetaGraph(new Uint8Array([0x0a, 0]), 5);
    writer.addRunMetadata(metadata, 'bytes', 6);
    writer.addRunMetadata({ bytes: metadata }, 'filled in', 7);
    writer.addRunMetadata({ stepStats: { devStats: [{ device: '/cpu:0' }] } }, 'plain', 8);
    writer.addSessionLog({ status: 1 }, 9);
    writer.addEvent({ wallTime: 12.5, step: 10, logMessage: { level: 20, message: 'hello' } });
    writer.addEvent({ step: 11, summary: { value: [{ tag: 'a', simpleValue: 1 }] } });
    await writer.close();

    const events = (await eventsOf(writer.path)).slice(1);
    expect(events.map((event) => event.step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(events[0]!.graphDef).toEqual(new Uint8Array(graph));
    expect(events[1]!.summary?.value).toMatchObject([{ tag: 'loss', simpleValue: 0.5 }]);
    expect(events[2]!.summary?.value).toMatchObject([{ tag: 'precision', simpleValue: 0.25 }]);
    expect(events[3]!.graphDef).toEqual(new Uint8Array(graph));
    expect(Buffer.from(events[4]!.metaGraphDef!).toString('hex')).toBe('0a072205747261696e');
    expect(events[5]!.metaGraphDef).toEqual(new Uint8Array([0x0a, 0]));
    for (const [i, tag] of [[6, 'bytes'] as const, [7, 'filled in'] as const, [8, 'plain'] as const]) {
      expect(events[i]!.taggedRunMetadata).toEqual({ tag, runMetadata: new Uint8Array(metadata) });
    }
    expect(events[9]!.sessionLog?.status).toBe(1);
    expect(events[10]).toMatchObject({ wallTime: 12.5, logMessage: { level: 20, message: 'hello' } });
    expect(Math.abs(events[11]!.wallTime - Date.now() / 1000)).toBeLessThan(60);
  });

  it('keeps the metadata of a tag once', async () => {
    const writer = new FileWriter(logdir);
    const value = { tag: 't', metadata: { displayName: 'T' }, simpleValue: 1 };
    expect(() => writer.addSummary({ value: [value] }, 0.5)).toThrow('the global step');
    writer.addSummary({ value: [value] }, 1);
    writer.addSummary(Summary.encode({ value: [value] }), 2);
    await writer.close();
    const events = (await eventsOf(writer.path)).slice(1);
    expect(events.map((event) => event.summary?.value[0]?.metadata?.displayName)).toEqual(['T', undefined]);
  });

  it('has everything in the file after a flush', async () => {
    const writer = new FileWriter(logdir, { maxQueue: 1e9, flushSecs: 1e9 });
    for (let step = 1; step <= 5; step++) {
      writer.addSummary(scalar('loss', step), step);
      await writer.flush();
      expect(await stepsOf(writer.path)).toEqual(Array.from({ length: step }, (_, i) => i + 1));
    }
    await writer.close();
  });

  it('loses nothing when it is closed at once', async () => {
    const writer = new FileWriter(logdir);
    const count = 50_000;
    for (let step = 1; step <= count; step++) {
      writer.addSummary(scalar('loss', step), step);
      if (step % 9_999 === 0) await new Promise(setImmediate);
    }
    await writer.close();
    expect(await stepsOf(writer.path)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
  });

  it('keeps the order of events of very different sizes, in a loop that never waits', async () => {
    const writer = new FileWriter(logdir, { maxQueue: 1 });
    const sizes = [10, 3_000_000, 5, 700_000, 700_000, 100, 2_000_000, 1];
    sizes.forEach((size, i) => {
      writer.addGraph(new Uint8Array(size).fill(i), i + 1);
    });
    await writer.close();
    const events = (await eventsOf(writer.path)).slice(1);
    expect(events.map((event) => event.graphDef?.length)).toEqual(sizes);
    expect(events.map((event) => event.graphDef?.[0])).toEqual(sizes.map((_, i) => i));
  });

  it('takes graphs of more than 64 MiB', async () => {
    const writer = new FileWriter(logdir, { graph: new Uint8Array(100 << 20).fill(7) });
    writer.scalar('loss', 1, 1);
    await writer.close();
    const [, graph, loss] = await eventsOf(writer.path);
    expect(graph!.graphDef).toHaveLength(100 << 20);
    expect(graph!.graphDef!.at(-1)).toBe(7);
    expect(loss!.step).toBe(1);
  });

  it('writes in the background once maxQueue summaries wait', async () => {
    const writer = new FileWriter(logdir, { maxQueue: 3 });
    writer.addSummary(scalar('loss', 1), 1);
    writer.addSummary(scalar('loss', 2), 2);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await stepsOf(writer.path)).toEqual([]);
    writer.addSummary(scalar('loss', 3), 3);
    await vi.waitFor(async () => expect(await stepsOf(writer.path)).toEqual([1, 2, 3]));
    await writer.close();
  });

  it('writes in the background after flushSecs, again and again', async () => {
    const writer = new FileWriter(logdir, { flushSecs: 0.02 });
    for (let step = 1; step <= 3; step++) {
      writer.addSummary(scalar('loss', step), step);
      await vi.waitFor(async () => expect(await stepsOf(writer.path)).toHaveLength(step));
    }
    await writer.close();
  });

  it('writes a graph and a trace soon', async () => {
    const writer = new FileWriter(logdir, { graph: GraphDef.encode({}) });
    await vi.waitFor(async () => expect(await eventsOf(writer.path)).toHaveLength(2));
    writer.addRunMetadata(RunMetadata.encode({}), 'step1');
    await vi.waitFor(async () => expect(await eventsOf(writer.path)).toHaveLength(3));
    await writer.close();
  });

  it('writes soon what was added while a write was under way', async () => {
    const writer = new FileWriter(logdir, { graph: GraphDef.encode({}) });
    await Promise.resolve();
    writer.addGraph(GraphDef.encode({}), 1);
    await vi.waitFor(async () => expect(await eventsOf(writer.path)).toHaveLength(3));
    await writer.close();
  });

  it('does not keep the process alive', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    const writer = new FileWriter(logdir);
    writer.addSummary(scalar('loss', 1), 1);
    expect(timers()).toBe(before);
    await writer.close();
  });

  it('writes what waits when the process ends', async () => {
    const writer = new FileWriter(logdir);
    writer.addSummary(scalar('loss', 1), 1);
    writer.addGraph(GraphDef.encode({}), 2); // Its write is under way,
    writer.addSummary(scalar('loss', 3), 3); // this one waits.
    const atExit = process.listeners('exit').filter((listener) => String(listener).includes('writeNow'));
    expect(atExit).toHaveLength(1);
    atExit[0]!(0);
    const text = fs.readFileSync(writer.path);
    await writer.close();
    expect(fs.readFileSync(writer.path).equals(text)).toBe(true);
    expect(await stepsOf(writer.path)).toEqual([1, 2, 3]);
  });

  it('has a file of its own beside other writers', async () => {
    const writers = Array.from({ length: 12 }, () => new FileWriter(logdir));
    for (let step = 1; step <= 100; step++) {
      writers.forEach((writer, i) => {
        writer.addSummary(scalar('which', i), step);
      });
    }
    await Promise.all(writers.map((writer) => writer.close()));
    expect(new Set(writers.map((writer) => writer.path)).size).toBe(12);
    for (const [i, writer] of writers.entries()) {
      const events = (await eventsOf(writer.path)).slice(1);
      expect(events).toHaveLength(100);
      expect(events.every((event) => event.summary?.value[0]?.simpleValue === i)).toBe(true);
    }
  });

  it('refuses more events after it is closed, and goes on in a new file after reopen', async () => {
    const writer = new FileWriter(logdir);
    const first = writer.path;
    writer.reopen();
    expect(writer.path).toBe(first);
    writer.addSummary(scalar('loss', 1), 1);
    await writer.close();
    await writer.close();
    await writer.flush();
    expect(() => writer.addSummary(scalar('loss', 2), 2)).toThrow(`${first} is closed`);

    writer.reopen();
    expect(writer.path).not.toBe(first);
    writer.addSummary(scalar('loss', 3), 3);
    await writer.close();
    expect((await eventsOf(writer.path))[0]?.fileVersion).toBe('brain.Event:2');
    expect((await eventsOf(logdir)).filter((event) => event.summary).map((event) => event.step)).toEqual([1, 3]);
  });

  it('refuses bad input with one clear error and adds nothing', async () => {
    const writer = new FileWriter(logdir);
    writer.addRunMetadata(RunMetadata.encode({}), 'step1', 1);
    expect(() => writer.addRunMetadata(RunMetadata.encode({}), 'step1', 2)).toThrow(
      "there is already run metadata with the tag 'step1'",
    );
    expect(() => writer.addSummary(scalar('loss', 1), 1.5)).toThrow('the global step must be a 64-bit integer: 1.5');
    expect(() => writer.addSummary(Buffer.from('nonsense'), 1)).toThrow('not an encoded Summary');
    expect(() => writer.addEvent({ step: 0.5 })).toThrow('cannot encode Event: 0.5 is not a 64-bit integer');
    expect(() => new FileWriter(logdir, { flushSecs: -1 })).toThrow('flushSecs must not be negative: -1');
    await writer.close();
    expect(await stepsOf(writer.path)).toEqual([1]);
  });

  it('says so when it cannot create its file', () => {
    const file = path.join(logdir, 'file');
    fs.writeFileSync(file, '');
    expect(() => new FileWriter(file)).toThrow(`could not make the folder '${file}': EEXIST`);
  });

  it('creates no file for a graph that cannot be had', () => {
    const graph = {
      toGraphDef: () => {
        throw new Error('no graph');
      },
    };
    expect(() => new FileWriter(logdir, { graph })).toThrow('no graph');
    for (const neither of [5, true]) {
      // @ts-expect-error neither a graph nor options
      expect(() => new FileWriter(logdir, neither)).toThrow(
        `a writer's graph, or its options, is an object, not ${neither}`,
      );
    }
    expect(fs.readdirSync(logdir)).toEqual([]);
  });
});

describe.runIf(fs.existsSync('/proc/self/fd'))('writers that are dropped unclosed', () => {
  it('let go of their files, with what was added in them', async () => {
    const openFiles = () => fs.readdirSync('/proc/self/fd').length;
    const before = openFiles();
    for (let i = 0; i < 600; i++) {
      new FileWriter(logdir).scalar('loss', i, i);
      if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const stillOpen = openFiles() - before;
    expect(stillOpen).toBeLessThan(500);
    const steps = await Promise.all(fs.readdirSync(logdir).map((file) => stepsOf(path.join(logdir, file))));
    expect(steps.flat().length).toBeGreaterThanOrEqual(600 - stillOpen);
  });
});
