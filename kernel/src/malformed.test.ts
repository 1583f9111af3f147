/** What comes in over ZeroMQ may be anything. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repetitions } from '../../lib/src/testing/repetitions';
import { KernelClient } from './testing/client';

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.shutDown());

/** A cell that came in before it may have failed, which refuses those after it. */
async function alive(): Promise<boolean> {
  let { reply } = await kernel.run('1 + 1');
  while (reply.status === 'aborted') ({ reply } = await kernel.run('1 + 1'));
  return reply.status === 'ok';
}

const header = (type: unknown, id: unknown = randomUUID()) => ({
  msg_id: id,
  session: 's',
  username: 'u',
  date: '',
  msg_type: type,
  version: '5.3',
});
const json = JSON.stringify;

describe('a kernel', () => {
  it('survives signed messages whose parts are not what they have to be', async () => {
    const names = ['__proto__', 'hasOwnProperty', 'toString', 'constructor', '', 'execute_reply', 'x'.repeat(60_000)];
    const headers = [
      null,
      1,
      'text',
      [],
      {},
      { msg_id: 1, msg_type: 'execute_request' },
      { msg_type: 'execute_request' },
    ];
    const messages = [
      ...headers.map((head) => [json(head), '{}', '{}', '{}']),
      ...names.map((name) => [json(header(name)), '{}', '{}', '{}']),
      ...[null, 1, [], 'text', { code: 1 }, { code: null }, { code: {} }, {}].map((content) => [
        json(header('execute_request')),
        '{}',
        '{}',
        json(content),
      ]),
      ...[
        'complete_request',
        'inspect_request',
        'is_complete_request',
        'comm_open',
        'comm_msg',
        'comm_close',
        'history_request',
      ].flatMap((type) =>
        [{}, { code: null, cursor_pos: -1 }, { code: 'a.b', cursor_pos: 1e9 }, { code: [], cursor_pos: 'x' }].map(
          (content) => [json(header(type)), '{}', '{}', json(content)],
        ),
      ),
      ['{', '{}', '{}', '{}'],
      [json(header('execute_request')), '{}', '{}', '{"code": '],
      [json(header('execute_request')), 'null', 'null', json({ code: '1' })],
      [Buffer.from([0xff, 0xfe, 0, 1]), Buffer.alloc(0), Buffer.alloc(3), Buffer.from([0x80])],
      ['', '', '', ''],
      ['{"msg_id":"i","msg_type":"t","big":"', 'x'.repeat(2e6), '', ''],
    ];
    for (const parts of messages)
      for (const channel of ['shell', 'control'] as const) await kernel.sendParts(channel, kernel.sign(parts));
    expect(await alive()).toBe(true);
  });

  it('survives messages of any parts, signed or not', async () => {
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.json(),
      fc.constantFrom('<IDS|MSG>', '{}', 'null', '', json(header('kernel_info_request')), json(header('comm_open'))),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        fc.constantFrom('shell' as const, 'control' as const),
        async (parts, signed, channel) => kernel.sendParts(channel, signed ? kernel.sign(parts) : parts),
      ),
      { numRuns: repetitions(300, 20_000) },
    );
    expect(await alive()).toBe(true);
  });

  it('refuses a cell that is too long at once, and other requests', async () => {
    const before = Date.now();
    const { reply } = await kernel.run(`'${'x'.repeat(60e6)}'`);
    expect(reply).toMatchObject({
      status: 'error',
      evalue: 'a cell of 60 MB is more than this kernel takes (10 MB): read what is so long from a file',
    });
    const { content } = await kernel.request('shell', 'complete_request', { code: 'x'.repeat(11e6), cursor_pos: 1 });
    expect(content.evalue).toBe('a request of 11 MB is more than this kernel takes (10 MB)');
    expect(Date.now() - before).toBeLessThan(20_000);
    expect(await alive()).toBe(true);
  });

  it('says in a line that a port is in use, and ends', async () => {
    const second = await KernelClient.launch({ connection: kernel.connection });
    const code = await second.exited;
    await second.shutDown();
    const line = /^the kernel ends: can't listen at tcp:\/\/127\.0\.0\.1:(\d+): Address already in use\n$/.exec(
      second.errors,
    );
    expect([code, line], second.errors).toEqual([1, expect.anything()]);
    expect(Object.values(kernel.connection)).toContain(Number(line![1])); // whichever was tried first
  });

  it('says in a line what is wrong with its connection file, and ends', async () => {
    const file = `${kernel.folder}/other.json`;
    writeFileSync(file, '{}');
    const second = await KernelClient.launch({ file });
    const code = await second.exited;
    await second.shutDown();
    expect(code).toBe(1);
    expect(second.errors).toBe(
      `${file} is no connection file: it lacks transport, ip, key, shell_port, iopub_port, control_port, stdin_port, hb_port\n`,
    );
  });
});
