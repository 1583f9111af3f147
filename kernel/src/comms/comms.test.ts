/** Comms over the wire, with a kernel's process. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient, type Received } from '../testing/client';

let kernel: KernelClient;
const published: Received[] = [];
beforeAll(async () => {
  kernel = await KernelClient.start();
  kernel.onMessage((message) => published.push(message));
  await attended(`
    const host = (globalThis as any)[Symbol.for('tf-mechanics.notebookHost')];
    const got: unknown[] = [];
    const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));`);
});
afterAll(() => kernel.shutDown());

/** Runs a cell as somebody does who sits before the page. */
const attended = (code: string) => kernel.run(code, { allow_stdin: true });
const comms = ({ messages }: { messages: readonly Received[] }) =>
  messages.filter(({ type }) => type.startsWith('comm_'));

/** What is published from now on, until there is one of this kind. */
async function next(type: string, during: () => Promise<unknown>): Promise<Received> {
  const from = published.length;
  await during();
  let found: Received | undefined;
  await expect
    .poll(
      () => {
        found = published.slice(from).find((message) => message.type === type);
        return found;
      },
      { timeout: 10_000 },
    )
    .toBeDefined();
  return found!;
}

const send = (type: string, content: Record<string, unknown>, buffers?: Uint8Array[]) =>
  kernel.send('shell', type, content, buffers);

/** When all that was sent before has been looked at. */
const settled = () => kernel.request('shell', 'comm_info_request', {});

describe('a comm', () => {
  it('is opened by a cell, with metadata and binary buffers, and takes messages from the page', async () => {
    const run = await attended(`
      const comm = host.openComm('t', () => ({ data: { a: 1 }, buffers: [new Uint8Array([1, 2, 255])] }), {
        onMessage: ({ data, buffers }: any) => {
          got.push([data, buffers.map((buffer: Uint8Array) => [...buffer])]);
          comm.send({ data: { answer: data.n }, buffers: [new Uint8Array(3)] });
        },
        onClose: () => got.push('closed'),
      }, { version: '2.1.0' });
      comm.id`);
    const [open] = comms(run);
    expect(open).toMatchObject({ type: 'comm_open', metadata: { version: '2.1.0' } });
    expect(open!.content).toEqual({ comm_id: expect.stringMatching(/^\w{32}$/), target_name: 't', data: { a: 1 } });
    expect(open!.buffers.map((buffer) => [...buffer])).toEqual([[1, 2, 255]]);

    const { comm_id } = open!.content;
    const { content } = await kernel.request('shell', 'comm_info_request', { target_name: 't' });
    expect(content).toEqual({ status: 'ok', comms: { [comm_id]: { target_name: 't' } } });
    expect((await kernel.request('shell', 'comm_info_request', { target_name: 'u' })).content.comms).toEqual({});

    let id = '';
    const answer = await next('comm_msg', async () => {
      ({ id } = await send('comm_msg', { comm_id, data: { n: 7 } }, [new Uint8Array([9]), new Uint8Array(0)]));
    });
    expect(answer).toMatchObject({ parent: id, content: { comm_id, data: { answer: 7 } } });
    expect(answer.buffers).toHaveLength(1);
    await send('comm_close', { comm_id, data: {} });
    expect((await kernel.run('JSON.stringify(got.splice(0))')).result).toBe(`'[[{"n":7},[[9],[]]],"closed"]'`);
    expect((await settled()).content.comms).toEqual({});
  });

  it('takes messages while a cell awaits something', async () => {
    const { until, done } = await kernel.begin(
      `let rate = 1;
       const live = host.openComm('t', () => ({ data: {} }), { onMessage: ({ data }: any) => { rate = data.rate; } });
       while (rate === 1) await sleep(5);
       live.close();
       rate`,
      { allow_stdin: true },
    );
    await until(({ messages }) => comms({ messages }).length > 0);
    const open = published.filter(({ type }) => type === 'comm_open').at(-1)!;
    const { id } = await send('comm_msg', { comm_id: open.content.comm_id, data: { rate: 0.5 } });
    const run = await done;
    expect(run.result).toBe('0.5');
    expect(comms(run).map(({ type }) => type)).toEqual(['comm_open', 'comm_close']);
    const states = published.filter(({ type, parent }) => type === 'status' && parent === id);
    expect(states.map(({ content }) => content.execution_state)).toEqual(['busy', 'idle']);
  });

  it('is opened by a page where a cell has said what happens then, and closed at once elsewhere', async () => {
    await attended(`host.onComm('mine', (comm: any, { data }: any) => {
      if (data.bad) throw new Error('not so');
      return { onMessage: (message: any) => comm.send({ data: { sum: data.base + message.data.n } }) };
    })`);
    const comm_id = randomUUID();
    await send('comm_open', { comm_id, target_name: 'mine', data: { base: 40 } });
    const answer = await next('comm_msg', () => send('comm_msg', { comm_id, data: { n: 2 } }));
    expect(answer.content).toEqual({ comm_id, data: { sum: 42 } });
    const bad = randomUUID();
    const told = await next('stream', () => send('comm_open', { comm_id: bad, target_name: 'mine', data: { bad: 1 } }));
    expect(told.content).toMatchObject({ name: 'stderr', text: expect.stringContaining('not so') });
    for (const target_name of ['other', 'toString', 5, undefined]) {
      const other = randomUUID();
      const closed = await next('comm_close', () => send('comm_open', { comm_id: other, target_name, data: {} }));
      expect(closed.content).toEqual({ comm_id: other, data: {} });
    }
    expect((await settled()).content.comms).toEqual({ [comm_id]: { target_name: 'mine' } });
    await send('comm_close', { comm_id });
  });

  it('survives whatever a page sends', async () => {
    const { result } = await attended(
      `const tough = host.openComm('t', () => ({ data: {} }), { onMessage: ({ data }: any) => data.a.b }); tough.id`,
    );
    const id = result!.slice(1, -1);
    for (const comm_id of [undefined, null, 1, {}, '', '__proto__', 'nobody', id])
      for (const type of ['comm_msg', 'comm_open'])
        for (const data of [undefined, null, [], 'x', { a: 1 }, { method: 'update' }])
          await send(type, { comm_id, data, target_name: 'jupyter.widget.control' }, [new Uint8Array(10)]);
    await settled();
    const big = await next('stream', () => send('comm_msg', { comm_id: id, data: {} }, [new Uint8Array(201e6)]));
    expect(big.content.text).toBe('a message of 201 MB to a widget is more than this kernel takes (200 MB)\n');
    expect((await kernel.run('tough.close(); 1 + 1')).result).toBe('2');
  });
});

describe('widgets', () => {
  it('that nobody sits before are told to a page that asks', async () => {
    const quiet = await kernel.run(`
      const state = { _model_name: 'M', _model_module: 'mod', _model_module_version: '1', n: 1, data: { x: null } };
      const widget = host.openComm('jupyter.widget', () =>
        ({ data: { state, buffer_paths: [['data', 'x']] }, buffers: [new Uint8Array([3, 4])] }));
      widget.send({ data: { method: 'update' } });
      state.n = 5;
      widget.id`);
    expect(comms(quiet)).toEqual([]);
    const id = quiet.result!.slice(1, -1);
    const comm_id = randomUUID();
    await send('comm_open', { comm_id, target_name: 'jupyter.widget.control', data: {} });
    const states = await next('comm_msg', () => send('comm_msg', { comm_id, data: { method: 'request_states' } }));
    expect(states.content.data).toEqual({
      method: 'update_states',
      states: {
        [id]: {
          model_name: 'M',
          model_module: 'mod',
          model_module_version: '1',
          state: expect.objectContaining({ n: 5 }),
        },
      },
      buffer_paths: [[id, 'state', 'data', 'x']],
    });
    expect(states.buffers.map((buffer) => [...buffer])).toEqual([[3, 4]]);
    expect(comms(await kernel.run(`widget.send({ data: { n: 6 } })`))).toHaveLength(1);
    await send('comm_close', { comm_id });
    await kernel.run('widget.close()');
  });
});

describe('a task', () => {
  const begin = (name: string, work: string) =>
    attended(`const ${name} = host.runTask('${name}', host.output, ${work}); 0`);

  it('shows below the cell that began it, and tells its error there', async () => {
    const run = await begin(
      'failing',
      `async () => { await sleep(30); console.log('late'); throw new RangeError('no') }`,
    );
    expect(run.stdout).toBe('');
    const told = await next('stream', () => kernel.run('await failing.ended'));
    expect(told).toMatchObject({ content: { name: 'stdout', text: 'late\n' } });
    const error = published.filter(({ content }) => content.name === 'stderr').at(-1)!;
    expect(error.parent).toBe(told.parent);
    expect(error.content.text).toContain('\x1b[1mfailing has failed:\x1b[22m\n\x1b[1mRangeError');
    expect((await kernel.run('1')).result).toBe('1');
  });

  it.each([
    ['awaits in a loop', 'async () => { for (;;) await sleep(5) }'],
    ['awaits what never comes', 'async () => { await new Promise(() => {}) }'],
    ['computes', '() => { for (;;) {} }'],
    ['is in a computation that only a signal can break', `() => /^(a+)+$/.test('a'.repeat(40) + 'b')`],
  ])('that %s is ended by an interrupt, and says so', async (_, work) => {
    const name = `task${Math.random().toString(36).slice(2)}`;
    const run = await attended(`
      let ${name}: any;
      setTimeout(() => { ${name} = host.runTask('The callback', host.output, ${work}); }, 50);
      0`);
    expect(run.reply.status).toBe('ok');
    await new Promise((resolve) => setTimeout(resolve, 1000)); // by then it has begun, on a busy machine too
    const told = await next('stream', () => kernel.interrupt());
    expect(told.content.text).toBe('\x1b[1mThe callback was interrupted.\x1b[22m\n');
    expect((await kernel.run(`await ${name}.ended; 1`)).result).toBe('1');
  });

  it('that is aborted ends without a word, when it does', async () => {
    const run = await attended(`
      const aborted = host.runTask('aborted', host.output, async () => {
        try { for (;;) await sleep(5) } finally { await sleep(700); got.push('over') }
      });
      await sleep(20);
      aborted.abort();
      await aborted.ended;
      got.splice(0).join()`);
    expect(run.result).toBe("'over'");
    expect(run.stderr).toBe('');
  });

  it('has a signal of its own, and code that is diverted shows elsewhere', async () => {
    const run = await attended(`
      const texts: string[] = [];
      const there = { stream: (name: string, text: string) => texts.push(text), display() {}, clear() {} };
      const value = await host.divert(there, async () => { await sleep(1); console.log('there'); return host.signal });
      const outer = host.signal;
      let inner: any;
      await host.runTask('t', there, () => { inner = host.signal; console.log('inner') }).ended;
      console.log('here');
      [texts.join(''), value === outer, inner === outer]`);
    expect(run.stdout).toBe('here\n');
    expect(run.result).toBe("[ 'there\\ninner\\n', true, false ]");
  });
});
