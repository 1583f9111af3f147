/**
 * The compiler's process, one beside each kernel: `node compilerMain.js <start, as JSON>`. What takes time is in it alone, so the kernel answers while
 * the compiler is being loaded, and its own memory has none of it. It ends with the kernel.
 */
import { snapshotContents } from '../snapshot/contents';
import type { CompilerStart, FromCompiler } from './messages';

/** After so many milliseconds the kernel has been made ready for what is likely asked for. */
const BEGUN = 20_000;

// Before anything that takes a moment: the kernel may be gone by then.
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
