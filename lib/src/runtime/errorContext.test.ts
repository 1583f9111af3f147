import { describe, expect, it } from 'vitest';
import { messageOf, withContext } from './errorContext';
import { NotFoundError } from './errors';

describe('withContext', () => {
  const say = (message: string) => `reading 'a': ${message}`;

  it('keeps the error and its class, and tells more', () => {
    const error = new NotFoundError('nothing there');
    expect(withContext(error, say)).toBe(error);
    expect(error.message).toBe("reading 'a': nothing there");
    expect(Object.keys(error)).not.toContain('message');
  });

  it("tells more of errors whose message can only be read, as an aborted signal's", () => {
    const { reason } = AbortSignal.abort();
    expect(withContext(reason, say).message).toBe("reading 'a': This operation was aborted");
  });

  it('leaves as it is what is no error, or is frozen', () => {
    expect(withContext('a text', say)).toBe('a text');
    expect(withContext(Object.freeze(new Error('frozen')), say).message).toBe('frozen');
  });
});

it('messageOf gives the message of whatever was thrown', () => {
  expect([messageOf(new Error('an error')), messageOf('a text'), messageOf(undefined)]).toEqual([
    'an error',
    'a text',
    'undefined',
  ]);
});
