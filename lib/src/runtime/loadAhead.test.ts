import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const library = JSON.stringify(path.join(__dirname, '..', '..', 'dist'));

/** Says at the end whether the process has libtensorflow in its memory. */
const tell = `process.on('exit', () => console.log(/libtensorflow_cc/.test(require('node:fs').readFileSync('/proc/self/maps'))));`;

const printed = (program: string, env = {}) =>
  execFileSync(process.execPath, ['-e', program], { encoding: 'utf8', env: { ...process.env, ...env } });

describe.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'libtensorflow is loaded by another thread',
  () => {
    it('when the library is imported, and a process that ends meanwhile waits for that', () => {
      expect(printed(`require(${library}); ${tell} process.exit();`)).toBe('true\n');
    });

    it('once, also where a test runner imports it anew', () => {
      const again = `for (const file of Object.keys(require.cache)) delete require.cache[file];`;
      const program = `require(${library}).tf.constant(1); const before = process.listenerCount('exit');
      ${again} require(${library}); console.log(process.listenerCount('exit') - before);`;
      expect(printed(program)).toBe('0\n');
    });

    it('but not in a worker thread, whose end would come in between', () => {
      expect(printed(`new (require('worker_threads').Worker)('require(${library})', { eval: true }); ${tell}`)).toBe(
        'false\n',
      );
    });

    it('but not where there is none, of which only what needs it speaks', () => {
      const program = `const { tf } = require(${library}); ${tell} try { tf.constant(1) } catch ({ name }) { console.log(name) }`;
      expect(printed(program, { TF_MECHANICS_LIBTENSORFLOW: __dirname })).toBe('NotFoundError\nfalse\n');
    });
  },
);
