import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Gate } from './gate';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

it('lets in as many as there are places, and the others in their order', () => {
  const gate = new Gate(1);
  const started: string[] = [];
  for (const name of ['a', 'b', 'c']) gate.enter(() => started.push(name));
  expect(started).toEqual(['a']);
  gate.leave();
  gate.leave();
  expect(started).toEqual(['a', 'b', 'c']);
});

it('is quiet when nobody is in, however many come one after the other', () => {
  const gate = new Gate(2);
  for (let i = 0; i < 3; i++) {
    expect(gate.isQuiet).toBe(true);
    gate.takePlace();
    expect(gate.isQuiet).toBe(false);
    gate.leave();
  }
  expect(gate.isQuiet).toBe(true);
});

it('is not quiet for a moment after some came while others were in', () => {
  const gate = new Gate(2);
  gate.takePlace();
  gate.takePlace();
  gate.leave();
  gate.leave();
  expect(gate.isQuiet).toBe(false);
  vi.advanceTimersByTime(20);
  expect(gate.isQuiet).toBe(true);
});
