// In a process of its own: it has a notebook's host, and asks for folders of runs.
/** A table of runs, and what may be deleted of them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FailedPreconditionError, InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { lockFolder } from '../../runtime/folderLock';
import { jupyterDisplay, type NotebookHost, setNotebookHost } from '../../runtime/notebookHost';
import { FileWriter } from '../../tf/summary';
import { runDirectory } from '../runDirectory';
import { runs } from './runTable';

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'table-')));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function write(folder: string, values: Record<string, number>, step = 10, time = 1_700_000_000) {
  const writer = new FileWriter(folder);
  for (const [tag, simpleValue] of Object.entries(values))
    writer.addEvent({ wallTime: time, step, summary: { value: [{ tag, simpleValue }] } });
  await writer.close();
}

/** Two runs that differ in the rate, and one of a part each for training and validation. */
async function three() {
  for (const [i, learningRate] of [0.01, 0.1].entries()) {
    const folder = runDirectory(dir, 'digits', { config: { learningRate, batchSize: 100 } });
    await write(folder, { loss: 1 / (i + 2), gradient: i }, 100 * (i + 1), 1_700_000_000 + 60 * i);
  }
  await write(path.join(dir, 'net', 'train'), { loss: 0.25 }, 7, 1_600_000_000);
  await write(path.join(dir, 'net', 'validation'), { loss: 0.75 }, 5, 1_600_000_000);
}

describe('a table of runs', () => {
  it('says of each in what it differs, how far it came, and its last values', async () => {
    await three();
    expect(await runs(dir).read()).toMatchObject([
      {
        name: 'digits-1',
        config: { learningRate: 0.01, batchSize: 100 },
        step: 100,
        values: { loss: 0.5, gradient: 0 },
      },
      {
        name: 'digits-2-lr=0.1',
        folder: path.join(dir, 'digits-2-lr=0.1'),
        step: 200,
        time: new Date(1_700_000_060_000),
      },
      { name: 'net', config: {}, step: 7, values: { 'train/loss': 0.25, 'validation/loss': 0.75 } },
    ]);
  });

  it('is text in a terminal, the newest run first', async () => {
    await three();
    const lines = (await runs(dir, { tags: ['loss', 'validation/loss'] }).toText()).split('\n');
    expect(lines.map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d$/, '(time)').split(/ {2,}/))).toEqual([
      ['run', 'lr', 'step', 'loss', 'validation/loss', 'written'],
      ['digits-2-lr=0.1', '0.1', '200', '0.3333', '(time)'],
      ['digits-1', '0.01', '100', '0.5', '(time)'],
      ['net', '7', '0.75', '(time)'],
      ['The same in all: batch=100'],
    ]);
    const log = vi.spyOn(console, 'log').mockReturnValue();
    await runs(dir).show();
    expect(log.mock.calls[0]![0]).toMatch(/^run +lr +step +loss +train\/loss +validation\/loss +gradient +written\n/);
    log.mockRestore();
    expect(inspect(runs(dir))).toBe(`[Runs in ${dir}: await .show() prints them]`);
  });

  it('is a table in a page, with what is sorted by beside what is shown', async () => {
    await three();
    await write(path.join(dir, '<b>'), { loss: 1e-9 }, 1, 1);
    const { 'text/html': html, 'text/plain': text } = (await runs(dir)[jupyterDisplay]()) as Record<string, string>;
    expect(html).toContain('<th scope="col">lr</th>');
    expect(html).toContain('<td data-value="0.3333333432674408">0.3333</td>');
    expect(html).toContain('<td data-value="&lt;b&gt;">&lt;b&gt;</td>');
    expect(html).not.toContain('<b>');
    expect(html).toContain(`<code>await runs(&#39;${dir}&#39;).delete(&#39;&lt;b&gt;&#39;)</code> deletes one.`);
    expect(text).toBe(await runs(dir).toText());
  });

  it('speaks the language of the notebook', async () => {
    await write(path.join(dir, 'run1'), { loss: 1 });
    setNotebookHost({ folder: '/notebooks/zh' } as NotebookHost);
    const html = String((await runs(dir)[jupyterDisplay]())['text/html']);
    setNotebookHost(undefined);
    expect(html).toContain('运行');
    expect(html).not.toMatch(/>(run|step|written)<| deletes one/);
  });

  it('has the runs that match, and says where there are none', async () => {
    await three();
    expect((await runs(dir, { runs: /^net/g }).read()).map(({ name }) => name)).toEqual(['net']);
    mkdirSync(path.join(dir, 'empty'));
    expect(await runs(path.join(dir, 'empty')).toText()).toBe(`There are no runs in ${path.join(dir, 'empty')}.`);
    await expect(runs(path.join(dir, 'none')).read()).rejects.toThrow(NotFoundError);
    expect(() => runs(dir, { runs: 'net' as never })).toThrow(InvalidArgumentError);
    expect(() => runs(dir, { tags: 'loss' as never })).toThrow(InvalidArgumentError);
  });

  it('has one row for a search', async () => {
    for (const trial of ['0001', '0002']) await write(path.join(dir, 'search-1', 'trials', trial), { loss: 1 });
    writeFileSync(path.join(dir, 'search-1', 'journal.jsonl'), '');
    expect(await runs(dir).read()).toMatchObject([{ name: 'search-1', trials: 2, values: {} }]);
    expect(await runs(dir).toText()).toContain('2 trials');
  });
});

describe('deleting runs', () => {
  const left = () => readdirSync(dir).sort();

  it('takes those of these exact names, with all that is in them, and gives the table', async () => {
    await three();
    for (const file of [
      'checkpoint',
      'model.ckpt-1.index',
      'model.ckpt-1.data-00000-of-00001',
      'projector_config.pbtxt',
    ])
      writeFileSync(path.join(dir, 'digits-1', file), '');
    const table = await runs(dir).delete('digits-1', 'net');
    expect(left()).toEqual(['digits-2-lr=0.1']);
    expect((await table.read()).map(({ name }) => name)).toEqual(['digits-2-lr=0.1']);
  });

  it('takes a search as a whole', async () => {
    await write(path.join(dir, 'search-1', 'trials', '0001'), { loss: 1 });
    for (const file of ['journal.jsonl', 'results.json', 'results.csv'])
      writeFileSync(path.join(dir, 'search-1', file), '');
    await expect(runs(dir).delete('search-1/trials/0001')).rejects.toThrow(NotFoundError);
    await runs(dir).delete('search-1');
    expect(left()).toEqual([]);
  });

  it.each([
    '',
    '.',
    '..',
    '/',
    '/etc',
    '../other',
    'digits',
    'digits-1/',
    './digits-1',
    'digits-*',
    'notes',
    'net/train',
  ])('refuses %j, and leaves everything', async (name) => {
    await three();
    mkdirSync(path.join(dir, 'notes'));
    const before = readdirSync(dir, { recursive: true });
    await expect(runs(dir).delete('digits-2-lr=0.1', name)).rejects.toThrow(NotFoundError);
    expect(readdirSync(dir, { recursive: true })).toEqual(before);
  });

  it('refuses what is no name, or none at all', async () => {
    await three();
    await expect(runs(dir).delete()).rejects.toThrow('expected the exact name of a run to delete, got none');
    await expect(runs(dir).delete(/digits/ as never)).rejects.toThrow(InvalidArgumentError);
    await expect(runs(dir).delete('digits-3')).rejects.toThrow("has no run 'digits-3'; did you mean 'digits-1'?");
    expect(left()).toHaveLength(3);
  });

  it('refuses a folder that has something in it which no training leaves, also deep within', async () => {
    await three();
    mkdirSync(path.join(dir, 'net', 'train', 'mine'));
    writeFileSync(path.join(dir, 'net', 'train', 'mine', 'thesis.tex'), '');
    await expect(runs(dir).delete('digits-1', 'net')).rejects.toThrow(
      "isn't deleted: it has train/mine/thesis.tex in it, which no training leaves",
    );
    expect(left()).toHaveLength(3);
  });

  it('follows no link, be it the run, below it, or what it is found by', async () => {
    const outside = mkdtempSync(path.join(tmpdir(), 'outside-'));
    await write(path.join(outside, 'run'), { loss: 1 });
    symlinkSync(path.join(outside, 'run'), path.join(dir, 'linked'));
    symlinkSync(outside, path.join(dir, 'around'));
    await write(path.join(dir, 'own'), { loss: 1 });
    symlinkSync(path.join(outside, 'run'), path.join(dir, 'own', 'train'));
    for (const name of ['linked', 'around/run'])
      await expect(runs(dir).delete(name)).rejects.toThrow('it is a link, or below one');
    await expect(runs(dir).delete('own')).rejects.toThrow('it has train in it, which no training leaves');
    expect(existsSync(path.join(outside, 'run'))).toBe(true);
    rmSync(outside, { recursive: true });
  });

  it('never takes the folder of all runs, though it is a run itself', async () => {
    await write(dir, { loss: 1 });
    const [row] = await runs(dir).read();
    await expect(runs(dir).delete(row!.name)).rejects.toThrow(NotFoundError);
    mkdirSync(path.join(dir, row!.name));
    await expect(runs(dir).delete(row!.name)).rejects.toThrow(NotFoundError);
    expect(left()).toHaveLength(2);
  });

  it('refuses a run in which a training works', async () => {
    await three();
    const release = await lockFolder(path.join(dir, 'digits-1'), 'a training');
    await expect(runs(dir).delete('digits-1')).rejects.toThrow('a training is at work there, in process');
    release();
    const writer = new FileWriter(path.join(dir, 'digits-1'));
    await expect(runs(dir).delete('digits-1')).rejects.toThrow(FailedPreconditionError);
    await expect(runs(dir).delete('digits-1')).rejects.toThrow('it is being written in this process');
    await writer.close();
    await runs(dir).delete('digits-1');
    expect(left()).toEqual(['digits-2-lr=0.1', 'net']);
  });

  it('takes one whose training was interrupted, though its writer is open', async () => {
    await three();
    new FileWriter(path.join(dir, 'net', 'train'));
    const now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockReturnValue(now + 31_000);
    await runs(dir).delete('net');
    clock.mockRestore();
    expect(left()).not.toContain('net');
  });

  it.runIf(existsSync('/proc/self/fdinfo'))(
    'refuses a run that another process writes, and not one that it reads',
    async () => {
      await three();
      const open = async (name: string, flags: string) => {
        const [file] = readdirSync(path.join(dir, name)).filter((one) => one.includes('tfevents'));
        const code = `require('fs').openSync(process.argv[1], process.argv[2]); console.log('open'); setInterval(() => {}, 1e6)`;
        const child = spawn(process.execPath, ['-e', code, path.join(dir, name, file!), flags], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        await once(child.stdout, 'data');
        return child;
      };
      const [writes, reads] = [await open('digits-1', 'a'), await open('digits-2-lr=0.1', 'r')];
      try {
        await expect(runs(dir).delete('digits-1')).rejects.toThrow(`process ${writes.pid} has its event file open`);
        await runs(dir).delete('digits-2-lr=0.1');
        expect(left()).toEqual(['digits-1', 'net']);
      } finally {
        for (const child of [writes, reads]) child.kill();
      }
    },
  );

  it('refuses the folder in which this program works', async () => {
    await three();
    cpSync(path.join(dir, 'digits-1'), path.join(dir, 'here'), { recursive: true });
    const cwd = process.cwd();
    process.chdir(path.join(dir, 'here'));
    try {
      await expect(runs(dir).delete('here')).rejects.toThrow('this program works in it');
    } finally {
      process.chdir(cwd);
    }
  });
});
