import { describe, expect, it } from 'vitest';
import { type Header, Wire } from './wire';

const parent: Header = {
  msg_id: 'p',
  session: 's',
  username: 'u',
  date: '',
  msg_type: 'execute_request',
  version: '5.3',
};
const parts = (wire: Wire, identities: string[] = ['who']) =>
  wire.encode({ identities, type: 'stream', parent, content: '{"text":"hi"}' }).map((part) => Buffer.from(part));

describe('a message', () => {
  it('is read by whoever has the key', () => {
    const message = new Wire('key').decode(parts(new Wire('key'), ['a', 'b']));
    expect(message.identities.map(String)).toEqual(['a', 'b']);
    expect(message.header).toMatchObject({ msg_type: 'stream', version: '5.3' });
    expect(message.content).toEqual({ text: 'hi' });
  });

  it('names the message that it answers, and has an id of its own', () => {
    const [one, other] = [parts(new Wire('key')), parts(new Wire('key'))];
    expect(JSON.parse(String(one[4]))).toEqual(parent);
    expect(JSON.parse(String(one[3])).msg_id).not.toBe(JSON.parse(String(other[3])).msg_id);
  });

  it('is refused when another key has signed it, or something in it was changed', () => {
    expect(() => new Wire('key').decode(parts(new Wire('other')))).toThrow('a message is signed with another key');
    const changed = parts(new Wire('key'));
    changed[6] = Buffer.from('{"text":"ho"}');
    expect(() => new Wire('key').decode(changed)).toThrow('a message is signed with another key');
  });

  it('is refused when it has not the parts of one', () => {
    expect(() => new Wire('key').decode([Buffer.from('hello')])).toThrow('it has 1 parts');
  });

  it('needs no signature where the connection has no key', () => {
    expect(new Wire('').decode(parts(new Wire(''))).content).toEqual({ text: 'hi' });
  });
});
