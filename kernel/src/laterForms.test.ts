/** What is shown once a cell has been answered: pictures that take longer than the cell. */
import { beforeAll, describe, expect, it } from 'vitest';
import { KernelClient, type Received } from './testing/client';

let kernel: KernelClient;
/** All that is published, and, as messages of type `reply`, all answers, in their order. */
let log: Received[] = [];
beforeAll(async () => {
  kernel = await KernelClient.start();
  kernel.onMessage((message) => log.push(message));
  await kernel.run(`
    const ends = new Map<string, (forms: object) => void>();
    /** Something whose picture is there when a later cell says so. */
    const slow = (name: string) => ({
      'text/plain': name,
      [Symbol.for('tf-mechanics.laterForms')]: () => new Promise<object>((end) => ends.set(name, end)),
    });
    const shown = (bundle: object) => ({ [Symbol.for('Jupyter.display')]: () => bundle });
    const host = (globalThis as any)[Symbol.for('tf-mechanics.notebookHost')];
    const end = (name: string, forms: object = { 'image/png': name }) => ends.get(name)!(forms);`);
});

/** As somebody runs cells who sits before the page. */
const attended = { allow_stdin: true };

/** Begins a cell; over when it is answered. */
async function answered(code: string) {
  const cell = await kernel.begin(code, attended);
  const reply = await cell.reply;
  log.push({ ...reply, type: 'reply' });
  expect(reply.content.status).toBe('ok');
  return cell;
}

const displays = ({ messages }: { messages: readonly Received[] }) =>
  messages
    .filter(({ type }) => type.includes('display_data') || type === 'execute_result')
    .map(({ type, content }) => [type, content.transient?.display_id, content.data]);

describe('what has more forms than it is shown with at first', () => {
  it('is answered, and followed by the next cell, before they are there; then they take its place, and the cell is over', async () => {
    log = [];
    const first = await answered("shown(slow('a'))");
    const second = await answered("end('a'); 7");
    await Promise.all([first.done, second.done]);
    const name = (id: string) => (id === first.id ? 'first' : 'second');
    const told = log.map(({ type, parent, content }) => `${name(parent)} ${content.execution_state ?? type}`);
    const wanted = ['first reply', 'second execute_input', 'first update_display_data', 'first idle'];
    expect(told.filter((each) => wanted.includes(each))).toEqual(wanted);
    const [at, after] = displays(first);
    expect(at).toEqual(['display_data', expect.any(String), { 'text/plain': 'a' }]);
    expect(after).toEqual(['update_display_data', at![1], { 'text/plain': 'a', 'image/png': 'a' }]);
    expect((await second.done).result).toBe('7');
  });

  it('leaves pages the state of the cell that runs meanwhile', async () => {
    const first = await answered("shown(slow('b'))");
    log = [];
    const second = await kernel.begin("end('b'); await new Promise((resolve) => setTimeout(resolve, 100));");
    await first.done;
    await second.done;
    const states = log.filter(({ type }) => type === 'status');
    expect(states.map(({ parent, content }) => [parent, content.execution_state])).toEqual([
      [second.id, 'busy'],
      [first.id, 'idle'],
      [second.id, 'busy'],
      [second.id, 'idle'],
    ]);
  });

  it('is replaced where it stands, whichever of several is there first', async () => {
    const cell = await answered(`
      host.display(slow('c'));
      host.display(slow('d'), { displayId: 'own' });
      shown(slow('e'))`);
    await answered("for (const name of ['e', 'd', 'c']) end(name);");
    const [c, d, e, ...updates] = displays(await cell.done);
    expect(updates).toEqual(
      [e, d, c].map((one) => ['update_display_data', one![1], { ...one![2], 'image/png': one![2]['text/plain'] }]),
    );
    expect(d![1]).toBe('own');
  });

  it('is not brought back by them where something else has been shown under its name', async () => {
    const cell = await answered(`
      host.display(slow('f'), { displayId: 'chart' });
      host.display({ 'text/plain': 'newer' }, { displayId: 'chart', update: true });
      host.display(slow('g'));`);
    await answered("end('f'); end('g');");
    const all = displays(await cell.done);
    expect(all.map(([type, , data]) => [type, data['text/plain']])).toEqual([
      ['display_data', 'f'],
      ['update_display_data', 'newer'],
      ['display_data', 'g'],
      ['update_display_data', 'g'],
    ]);
  });

  it('stays as it is where there turn out to be none, and an error of theirs is told in the cell', async () => {
    const cell = await answered(`
      host.display(slow('h'));
      host.display({ 'text/plain': 'i', [Symbol.for('tf-mechanics.laterForms')]: async () => { throw new Error('no ink'); } });`);
    await answered("end('h', {});");
    const run = await cell.done;
    expect(displays(run)).toHaveLength(2);
    expect(run.stderr).toContain('Error: no ink');
  });

  it('is not waited for any longer when the reader interrupts', async () => {
    const cell = await answered("shown(slow('never'))");
    await kernel.interrupt();
    await cell.done;
    expect((await kernel.run('1 + 1')).result).toBe('2');
  });

  it('is not asked for by a silent request', async () => {
    const { messages } = await kernel.run("shown(slow('silent'))", { ...attended, silent: true });
    expect(displays({ messages })).toEqual([]);
    expect((await kernel.run("ends.has('silent')")).result).toBe('false');
  });
});

describe('a figure', () => {
  it('and a chart get their still pictures after the cell, the same as a notebook that is executed as a whole has', async () => {
    const code = `
      const chart = liveChart();
      await chart.add(0, { loss: 1 });
      await chart.add(1, { loss: 0.5 });
      plot.curves({ loss: [3, 2, 1] })`;
    await kernel.run("import { liveChart, plot } from 'tf-mechanics';");
    const all = displays(await kernel.run(code, attended));
    const pictures = all.filter(([, , data]) => data['image/png']);
    expect(all.slice(-2)).toEqual(pictures);
    expect(pictures.map(([type]) => type)).toEqual(['update_display_data', 'update_display_data']);
    for (const [, id, data] of pictures) {
      expect(all.some(([type, other]) => type === 'display_data' && other === id)).toBe(true);
      expect(data['text/html']).toContain(`<img src="data:image/png;base64,${data['image/png']}"`);
    }
    // What executes a notebook as a whole is not kept from its outputs by its patience: all is there with the answer.
    const alone = displays(await kernel.run(code));
    expect(alone.at(-1)).toEqual(['execute_result', undefined, pictures[1]![2]]);
    expect(alone.at(-2)![2]['image/png']).toBe(pictures[0]![2]['image/png']);
  });

  it('is saved by a cell, and one that can not be drawn costs a warning', async () => {
    const { result, stderr } = await kernel.run(`
      import { Figure } from 'tf-mechanics';
      await new Figure([{ type: 'surface', z: [[1]] }]).show();
      const { length } = await plot.curves({ loss: [3, 2, 1] }).toPng();
      length > 1000`);
    expect(result).toBe('true');
    expect(stderr).toMatch(/^figures have no still pictures here: only a browser draws traces of type surface/);
  });
});

it('what is still waited for keeps the kernel from no end', async () => {
  await answered("shown(slow('never'))");
  await kernel.shutDown();
  expect(await kernel.exited).toBe(0);
});
