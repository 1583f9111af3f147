/** Makes a process end when its parent ends, however that happens. */
import { Worker } from 'node:worker_threads';

/**
 * Has this process, which was forked, end as soon as its parent has, and not before: signals such as Ctrl-C's reach every process of the
 * terminal, and the parent says what is to be done.
 */
export function endWithParent(): void {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  process.on('disconnect', () => process.exit());
  if (!process.connected) process.exit(); // it has ended already
  // What never lets go of its thread would not hear of it: another thread watches.
  const watch = `setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, 'SIGKILL'), 100)`;
  new Worker(watch, { eval: true, execArgv: [] }).unref(); // without the loaders of this process
}
