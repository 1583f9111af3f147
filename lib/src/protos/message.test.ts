import { describe, expect, it } from 'vitest';
import { AttrValue, Event, GraphDef, JobDef, NodeDef, Summary, TensorProto, TensorShapeProto } from './index';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('a message in the wire format', () => {
  it('may have the numbers of a list behind one tag, or each behind its own', () => {
    const packed = bytes('52 02 01 02');
    const single = bytes('50 01 50 02');
    expect([packed, single].map((given) => TensorProto.decode(given).int64Val)).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('adds to a message that came before, and replaces other values', () => {
    const { shape } = AttrValue.decode(bytes('3a 04 12 02 08 03 3a 04 12 02 08 04'));
    expect(shape?.dim.map(({ size }) => size)).toEqual([3, 4]);
    expect(NodeDef.decode(bytes('0a 01 61 0a 01 62')).name).toBe('b');
  });

  it('has one field of those of which there can be only one, the last', () => {
    expect(AttrValue.decode(bytes('18 05 28 01'))).toEqual({ b: true });
    expect(Summary.decode(bytes('0a 07 15 00 00 80 3f 22 00')).value[0]).not.toHaveProperty('simpleValue');
  });

  it('keeps what its type does not know, and what has another form than it knows, out of sight', () => {
    const unknown = bytes('0a 01 61 fa 7f 02 01 02 f8 7f 05 12 01 62 fb 7f 08 01 fc 7f 08 07');
    const node = NodeDef.decode(unknown);
    expect([node.name, node.op, Object.keys(node)]).toEqual(['a', 'b', ['name', 'op', 'device', 'input', 'attr']]);
    const written = NodeDef.encode(node);
    expect(Buffer.from(written).toString('hex')).toBe('0a0161120162fa7f020102f87f05fb7f0801fc7f0807');
    expect(NodeDef.encode({ ...node })).toEqual(bytes('0a 01 61 12 01 62'));
  });

  it('has maps whose entries lack a key or a value, and names that objects have', () => {
    const { tasks } = JobDef.decode(bytes('12 02 08 01 12 03 12 01 61'));
    expect(tasks).toEqual({ 0: 'a', 1: '' });
    const { attr } = NodeDef.decode(bytes('2a 0d 0a 09 5f 5f 70 72 6f 74 6f 5f 5f 12 00'));
    expect(Object.keys(attr)).toEqual(['__proto__']);
  });

  it.each([
    ['is cut off within a value', '0a 05 61', 'a value is cut off at byte 3'],
    ['is longer than that in which it is', '1a 02 0a 05 61 61 61 61 61', 'a value is cut off'],
    ['has no such field', '02 00', 'there is no such field as at byte 1'],
    ['has no such wire type', '0f', "a value can't be of wire type 7"],
    ['ends a group that has not begun', '0b 14', 'a group ends at byte 2'],
    ['has a text that is none', '0a 02 c3 28', 'not valid'],
  ])('is refused where it %s', (_, given, message) => {
    expect(() => NodeDef.decode(bytes(given))).toThrow(message);
  });

  it('is refused where messages lie within each other without end', () => {
    let deep = bytes('');
    for (let i = 0; i < 60; i++) deep = new Uint8Array(nested(deep));
    expect(() => AttrValue.decode(deep)).toThrow('within each other more than 100 times');
  });

  it('may be larger than what it was written into, at every place', () => {
    for (const size of [0, 1, 23, 24, 127, 128, 1000, 1020, 16_383, 16_384, 70_000, 2_100_000]) {
      const message = { node: [{ name: 'x'.repeat(size), attr: { a: { s: new Uint8Array(size).fill(7) } } }] };
      const { node } = GraphDef.decode(GraphDef.encode(message));
      expect([node[0]?.name.length, Buffer.from(node[0]!.attr.a!.s!).equals(Buffer.alloc(size, 7))]).toEqual([
        size,
        true,
      ]);
    }
  });

  it('has texts of every script, long and short', () => {
    for (const name of ['é', '中文', '𝄞'.repeat(9), 'a'.repeat(30), `${'a'.repeat(23)}é`, '\0'])
      expect(NodeDef.decode(NodeDef.encode({ name })).name).toBe(name);
    expect(() => NodeDef.encode({ name: 5 as never })).toThrow('cannot encode NodeDef: 5 is not a string');
  });

  it('is whole where a getter of it encodes another one', () => {
    const inner = NodeDef.encode({ name: 'inner' });
    const outer = {
      name: 'outer',
      get op() {
        return String(NodeDef.encode({ name: 'inner' }).length);
      },
    };
    expect(NodeDef.decode(NodeDef.encode(outer))).toMatchObject({ name: 'outer', op: String(inner.length) });
    expect(NodeDef.encode({ name: 'inner' })).toEqual(inner);
  });

  it('is as it was after one that was refused', () => {
    expect(() => AttrValue.encode({ i: 0.5 })).toThrow('0.5 is not a 64-bit integer');
    expect(Buffer.from(AttrValue.encode({ i: 1 })).toString('hex')).toBe('1801');
  });

  it('leaves out a 64-bit zero of either kind, and keeps a negative one', () => {
    expect(TensorShapeProto.encode({ dim: [{ size: 0n }, { size: 0 }] })).toEqual(bytes('12 00 12 00'));
    expect(Event.decode(Event.encode({ wallTime: -0 })).wallTime).toBe(-0);
  });
});

/** A varint. */
function length(value: number): Buffer {
  return value < 0x80
    ? Buffer.from([value])
    : Buffer.concat([Buffer.from([(value & 0x7f) | 0x80]), length(value >> 7)]);
}

/** An `AttrValue` within the attributes of a function within an `AttrValue`. */
function nested(value: Uint8Array): Buffer {
  const entry = Buffer.concat([Buffer.from([0x12]), length(value.length), value]);
  const func = Buffer.concat([Buffer.from([0x12]), length(entry.length), entry]);
  return Buffer.concat([Buffer.from([0x52]), length(func.length), func]);
}
