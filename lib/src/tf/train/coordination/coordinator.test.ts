import { describe, expect, it } from 'vitest';
import { DataLossError, DeadlineExceededError, InvalidArgumentError, OutOfRangeError } from '../../../runtime/errors';
import { Coordinator } from '.';

const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** A task that goes on until it is told to stop. */
async function looping(coord: Coordinator): Promise<void> {
  while (!coord.shouldStop()) await later(1);
}

describe('a coordinator', () => {
  it('has tasks end together', async () => {
    const coord = new Coordinator();
    const ended: number[] = [];
    const tasks = [1, 2, 3].map((i) => looping(coord).then(() => ended.push(i)));
    expect([coord.shouldStop(), coord.joined]).toEqual([false, false]);
    await later(5);
    expect(ended).toEqual([]);
    coord.requestStop();
    await coord.join(tasks);
    expect([ended.length, coord.joined]).toEqual([3, true]);
  });

  it('gives out the first error that it was told, where everything is joined', async () => {
    const coord = new Coordinator();
    const first = new DataLossError('first');
    const failing = coord.stopOnException(async () => {
      await later(1);
      throw first;
    });
    const failingLater = looping(coord).then(() => coord.requestStop(new Error('second')));
    await expect(coord.join([failing, failingLater, looping(coord)])).rejects.toBe(first);
    expect(() => coord.raiseRequestedException()).toThrow(first);
    expect(coord.failure).toEqual({ error: first });
    coord.clearStop();
    coord.raiseRequestedException();
    expect([coord.shouldStop(), coord.joined]).toEqual([false, false]);
  });

  it('hears of tasks that fail without telling, too', async () => {
    const coord = new Coordinator();
    coord.registerThread(Promise.reject(new DataLossError('gone')));
    const other = looping(coord);
    await later(5); // nobody waits for the registered one yet, and the process goes on
    await expect(coord.join([other])).rejects.toThrow('gone');
  });

  it('takes the end of what is read for no error', async () => {
    const coord = new Coordinator();
    await coord.join([Promise.reject(new OutOfRangeError('the end')), looping(coord)]);
    expect(coord.shouldStop()).toBe(true);
    const other = new Coordinator({ cleanStopExceptionTypes: [DataLossError] });
    other.requestStop(new DataLossError('fine'));
    await other.join();
    const strict = new Coordinator({ cleanStopExceptionTypes: [] });
    strict.requestStop(new OutOfRangeError('the end'));
    await expect(strict.join()).rejects.toThrow('the end');
  });

  it('waits for tasks no longer than they are given', async () => {
    const coord = new Coordinator();
    const never = new Promise<void>(() => {});
    coord.requestStop();
    await expect(coord.join([never], { stopGracePeriodSecs: 0.01 })).rejects.toThrow(DeadlineExceededError);
    coord.clearStop();
    coord.requestStop();
    await coord.join([never], { stopGracePeriodSecs: 0.01, ignoreLiveThreads: true });
    coord.clearStop();
    coord.requestStop(new DataLossError('why it stopped'));
    await expect(coord.join([never], { stopGracePeriodSecs: 0 })).rejects.toThrow('why it stopped');
  });

  it('tells who waits for a stop', async () => {
    const coord = new Coordinator();
    expect(await coord.waitForStop(0.001)).toBe(false);
    for (const timeout of [Number.NaN, -1, null, 'x', Symbol('s')] as number[])
      await expect(coord.waitForStop(timeout)).rejects.toThrow('the timeout is a number from 0 on, not ');
    const waiting = coord.waitForStop();
    coord.requestStop();
    expect(await waiting).toBe(true);
    expect(await coord.waitForStop(60)).toBe(true);
    const other = new Coordinator();
    await other.stopOr(later(1));
    expect(other.shouldStop()).toBe(false);
  });

  it('throws errors that come when everything was joined', async () => {
    const coord = new Coordinator();
    await coord.join();
    expect(() => coord.requestStop(new DataLossError('too late'))).toThrow('too late');
    coord.requestStop();
  });

  it('gives what a body gives', async () => {
    const coord = new Coordinator();
    expect(await coord.stopOnException(() => 7)).toBe(7);
    const thrown = await coord.stopOnException(() => {
      throw new DataLossError('thrown at once');
    });
    expect([thrown, coord.shouldStop()]).toEqual([undefined, true]);
  });

  it('refuses what is no task, no class and no time', async () => {
    const coord = new Coordinator();
    expect(() => coord.registerThread(7 as never)).toThrow('a task is a promise, not 7');
    expect(() => new Coordinator({ cleanStopExceptionTypes: ['OutOfRange'] as never })).toThrow('are classes such as');
    await expect(coord.join([], { stopGracePeriodSecs: -1 })).rejects.toThrow(InvalidArgumentError);
    await expect(coord.join(7 as never)).rejects.toThrow(InvalidArgumentError);
  });
});
