import { describe, expect, it } from 'vitest';
import { type Processes, starterEnded } from './starter';

/** Processes of which some are there. */
function processes(parent: number, ...there: number[]) {
  const now = { parent, there };
  const known: Processes = { parent: () => now.parent, exists: (id) => now.there.includes(id) };
  return { now, known };
}

describe('whoever has started a kernel', () => {
  it('has ended when the kernel has another parent', () => {
    const { now, known } = processes(50, 1, 50);
    const ended = starterEnded('50', known, 'linux');
    expect(ended?.()).toBe(false);
    now.parent = 1;
    expect(ended?.()).toBe(true);
  });

  it('may have ended before the kernel could look', () => {
    expect(starterEnded('50', processes(1, 1).known, 'linux')?.()).toBe(true);
    // What takes in orphans need not be the first of all processes.
    expect(starterEnded('50', processes(20, 1, 20).known, 'darwin')?.()).toBe(true);
  });

  it('may have a program between itself and the kernel, and has ended when either has', () => {
    const { now, known } = processes(60, 1, 50, 60);
    const ended = starterEnded('50', known, 'linux');
    expect(ended?.()).toBe(false);
    now.there = [1, 60];
    expect(ended?.()).toBe(true);
    now.there = [1, 50];
    now.parent = 50;
    expect(ended?.()).toBe(true);
  });

  it('is looked for in the system, where the parent of this process is and hardly any has so large a number', () => {
    expect(starterEnded(String(process.ppid), undefined, 'linux')?.()).toBe(false);
    expect(starterEnded(String(2 ** 30), undefined, 'linux')?.()).toBe(true);
  });

  it('is nobody where nothing says so, or nothing that is a process', () => {
    for (const told of [undefined, '', '0', '-1', '1.5', 'Jupyter'])
      expect(starterEnded(told, undefined, 'linux')).toBe(undefined);
    expect(starterEnded('50', undefined, 'win32')).toBe(undefined);
  });
});
