/**
 * Whoever has started the kernel: Jupyter's server, a console, papermill. A kernel ends with it, as ipykernel does, also where it is killed
 * and can tell nobody. What starts kernels says by `JPY_PARENT_PID` who it is.
 */

/** What one can know of processes. */
export interface Processes {
  /** The parent of this one, which is another once that has ended. */
  readonly parent: () => number;
  readonly exists: (id: number) => boolean;
}

const system: Processes = { parent: () => process.ppid, exists };

/**
 * What tells whether whoever has started this process has ended since, or before; undefined where nobody has said who that is. On
 * Windows a number says something else, and a process keeps its parent's.
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
  // Between the two there may be a program that starts kernels for others, such as `conda run`.
  return () => parent() !== first || (first !== starter && !exists(starter));
}

function exists(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
