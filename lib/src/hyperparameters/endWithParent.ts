/** Makes a process end when its parent ends, however that happens. */
import { Worker } from 'node:worker_threads';

/**
 * Makes this forked process end as soon as its parent has, and not before: signals such as that of Ctrl-C reach every
 * process of the terminal, but the parent decides.
 */
export function endWithParent(): void {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  process.on('disconnect', () => process.exit());
  if (!process.connected) process.exit(); // the parent has ended already
  // A blocked main thread wouldn't notice, so another thread watches.
  const watch = `setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, 'SIGKILL'), 100)`;
  new Worker(watch, { eval: true, execArgv: [] }).unref(); // without this process's loaders
}
