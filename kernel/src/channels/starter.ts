/**
 * Watches the process that started the kernel (Jupyter's server, a console, papermill). Like ipykernel, the kernel
 * exits when that process does, even if it was killed. `JPY_PARENT_PID` names it.
 */

/** Process queries, replaceable for tests. */
export interface Processes {
  /** The current parent's id, which changes when the original parent ends. */
  readonly parent: () => number;
  readonly exists: (id: number) => boolean;
}

const system: Processes = { parent: () => process.ppid, exists };

/**
 * A function that tells whether the starter has ended; undefined when the starter is unknown. On Windows
 * `JPY_PARENT_PID` is a handle, and the parent id never changes.
 *
 * @param told the value of `JPY_PARENT_PID`
 */
export function starterEnded(
  told = process.env.JPY_PARENT_PID,
  { parent, exists }: Processes = system,
  platform = process.platform,
): (() => boolean) | undefined {
  const starter = Number(told);
  if (platform === 'win32' || !Number.isInteger(starter) || starter <= 0) return undefined;
  const first = parent();
  // A launcher, such as `conda run`, may lie between the starter and the kernel.
  return () => parent() !== first || (first !== starter && !exists(starter));
}

function exists(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
