/**
 * The compiler's process, one for each kernel: `node compilerMain.js <start, as JSON>`. It keeps slow work and the
 * compiler's memory out of the kernel's process, which answers even while the compiler loads. It exits with the kernel.
 */
import { snapshotContents } from '../snapshot/contents';
import type { CompilerStart, FromCompiler } from './messages';

/** Milliseconds after which the kernel has finished preloading. */
const BEGUN = 20_000;

// Before any slow step: the kernel may have ended by then.
process.on('disconnect', () => process.exit(0));

const begun: FromCompiler = { kind: 'begun' };
process.send?.(begun, undefined, undefined, () => {});

const start = JSON.parse(process.argv[2] ?? '') as CompilerStart;
const { answerRequests = (require('./answering') as typeof import('./answering')).answerRequests } =
  snapshotContents() ?? {};
answerRequests(start);

setTimeout(() => {
  const { beginSnapshot } = require('../snapshot/snapshot') as typeof import('../snapshot/snapshot');
  beginSnapshot(start.directory);
}, BEGUN).unref();
