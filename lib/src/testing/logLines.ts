/** For tests: the lines of `tf.logging`, kept and not shown. */
import { afterEach, beforeEach, vi } from 'vitest';

/** The lines since the test began, of all levels; to be called where tests are described. */
export function keepLogLines(): string[] {
  const lines: string[] = [];
  beforeEach(() => {
    lines.length = 0;
    for (const name of ['log', 'warn', 'error'] as const)
      vi.spyOn(console, name).mockImplementation((line) => void lines.push(String(line)));
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  return lines;
}
