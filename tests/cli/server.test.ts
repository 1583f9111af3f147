import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tf } from '../../lib/src';
import { startProgram } from '../../lib/src/testing/serverProcess';

const main = path.join(__dirname, '../../lib/dist/cli/main.js');

describe('the command server', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'serves this machine, prints its target, and ends at once at %s',
    async (signal) => {
      const program = await startProgram(process.execPath, [main, 'server', '--port', '0'], 'pipe');
      const { process: child, line: target } = program;
      try {
        let errors = '';
        child.stderr!.on('data', (text) => (errors += text));
        expect(target).toMatch(/^grpc:\/\/127\.0\.0\.1:\d+$/);
        const graph = new tf.Graph();
        const [queue] = graph.createOperation('FIFOQueueV2', [], { component_types: ['float32'] }).outputs;
        const never = graph.createOperation('QueueDequeueV2', [queue!], { component_types: ['float32'] });
        await using session = new tf.Session({ graph, target });
        expect(session.listDevices()).toHaveLength(1);
        const run = session.run(never).catch((error) => error);
        await new Promise((resolve) => setTimeout(resolve, 50));
        const begin = performance.now();
        child.kill(signal);
        const [code] = await once(child, 'exit');
        expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
        expect(performance.now() - begin).toBeLessThan(3000);
        expect(errors).toBe('');
        expect(await run).toBeInstanceOf(tf.errors.UnavailableError);
      } finally {
        await program.kill();
      }
    },
  );
});
