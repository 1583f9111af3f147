import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StreamBuffer, type StreamText } from './streamBuffer';
import type { Header } from './wire';

const parent = (id: string) => ({ msg_id: id }) as Header;

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

/** A buffer and what it has published. */
function buffer() {
  const published: string[] = [];
  const stream = new StreamBuffer(({ name, text, parent: { msg_id } }: StreamText) =>
    published.push(`${msg_id} ${name} ${text}`),
  );
  const print = (text: string, name: 'stdout' | 'stderr' = 'stdout', cell = 'c') =>
    stream.add({ parent: parent(cell), name, text });
  return { stream, published, print };
}

describe('what is printed', () => {
  it('is published at once where nothing was printed lately', () => {
    const { published, print } = buffer();
    print('a');
    expect(published).toEqual(['c stdout a']);
  });

  it('is joined for a twentieth of a second after that', () => {
    const { published, print } = buffer();
    for (const text of ['a', 'b', 'c']) print(text);
    expect(published).toEqual(['c stdout a']);
    vi.advanceTimersByTime(50);
    expect(published).toEqual(['c stdout a', 'c stdout bc']);
  });

  it('keeps its order when stream or cell changes', () => {
    const { published, print } = buffer();
    print('a');
    print('b');
    print('c', 'stderr');
    print('d', 'stderr', 'other');
    vi.advanceTimersByTime(50);
    expect(published).toEqual(['c stdout a', 'c stdout b', 'c stderr c', 'other stderr d']);
  });

  it('does not wait when it is much', () => {
    const { published, print } = buffer();
    print('a');
    print('x'.repeat(2 ** 20));
    expect(published).toHaveLength(2);
  });

  it('is published when something else is to come after it', () => {
    const { stream, published, print } = buffer();
    print('a');
    print('b');
    stream.flush();
    stream.flush();
    expect(published).toEqual(['c stdout a', 'c stdout b']);
  });
});
