import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repetitions } from '../testing/repetitions';
import { AttrValue, CollectionDef, GraphDebugInfo, GraphDef, JobDef, NodeDef, QueueRunnerDef, SaverDef } from './index';
import { isText } from './textFormat';

describe('a text', () => {
  it('may be written in every way that the format has', () => {
    const text = `# a graph
      node: < name: "a" 'b' "c", op: 'No' # in two
        "Op"; input: ["x", "^y"] attr [{ key: "t" value: { type: 1 } }, { key: "l" value { list { f: [1, -2.5e3f, inf, -.5] i: 0x10 i: 017 } } }]
        device: "\\x2f\\160\\"\\n\\u00e9" >;
      versions { producer: 1645, bad_consumers: [] }
      node { name: "second" attr { key: "b" value { b: True } } attr { key: "n" value { f: nan } } }`;
    const { node, versions } = GraphDef.fromText(text);
    expect(node[0]).toMatchObject({ name: 'abc', op: 'NoOp', input: ['x', '^y'], device: '/p"\né' });
    expect(node[0]?.attr.t?.type).toBe(1);
    expect(node[0]?.attr.l?.list).toMatchObject({ f: [1, -2500, Infinity, -0.5], i: [16, 15] });
    expect(node[1]?.attr).toMatchObject({ b: { b: true }, n: { f: Number.NaN } });
    expect(versions).toMatchObject({ producer: 1645, badConsumers: [] });
    expect(AttrValue.fromText('type: DT_FLOAT').type).toBe(1);
    expect(SaverDef.fromText('keep_checkpoint_every_n_hours: 2 version: V2')).toMatchObject({
      keepCheckpointEveryNHours: 2,
      version: 2,
    });
    expect(GraphDef.fromText('')).toEqual(GraphDef.decode(new Uint8Array()));
  });

  it('may hold a message of any type in an envelope, spelt out or not', () => {
    const spelt = 'any_list { value { [type.googleapis.com/tensorflow.AttrValue] { i: 3 } } }';
    const { anyList } = CollectionDef.fromText(spelt);
    expect(anyList?.value[0]?.typeUrl).toBe('type.googleapis.com/tensorflow.AttrValue');
    expect(AttrValue.decode(anyList!.value[0]!.value).i).toBe(3);
    expect(CollectionDef.fromText(CollectionDef.toText({ anyList })).anyList).toEqual(anyList);
  });

  it.each([
    ['abc', 1, 1, "unknown field 'abc'"],
    ['node {\n  name: "x"\n  opp: "y"\n}', 3, 3, "NodeDef: unknown field 'opp'"],
    ['node {\n  name:\n}', 3, 1, 'expected string'],
    ['node { name "x" }', 1, 13, "expected ':'"],
    ['# {\nnode { name: "a" attr { key: "f" value { f: word } } }', 2, 45, 'float value expected'],
    ['node { attr { key: "a" value { type: DT_FOO } } }', 1, 38, 'enum value expected'],
    ['versions { producer: 99999999999 }', 1, 22, 'integer value out of range'],
    ['node { name: "a"\n name: "b" }', 2, 8, 'multiple values'],
    ['node { name: "abc" op: "x }\n}', 1, 24, 'illegal string'],
    ['node {\n name: "x"\n', 2, 11, "expected '}'"],
    ['node [ { name: "a" } ; { } ]', 1, 22, "expected ']'"],
  ])('that is wrong is an error with the place: %j', (text, line, column, message) => {
    expect(() => GraphDef.fromText(text)).toThrow(`this is no GraphDef: line ${line}, column ${column}: `);
    expect(() => GraphDef.fromText(text)).toThrow(message);
  });

  it('is told from bytes', () => {
    const node = { name: 'n'.repeat(40), op: 'NoOp', device: ' '.repeat(33) };
    expect(isText(GraphDef.encode({ node: [node] }))).toBe(false);
    expect(isText(Buffer.from(GraphDef.toText({ node: [node] })))).toBe(true);
    expect(isText(new Uint8Array())).toBe(false);
  });
});

describe('the text of a message', () => {
  it('is written as Python writes it', () => {
    const text = NodeDef.toText({
      name: "it's",
      attr: { b: { list: { f: [0.1, 1, 1e-5, -0, 1e16] } }, a: { b: false } },
    });
    expect(text).toBe(
      [
        'name: "it\\\'s"',
        'attr {\n  key: "a"\n  value {\n    b: false\n  }\n}',
        'attr {\n  key: "b"\n  value {\n    list {\n      f: 0.1\n      f: 1.0\n      f: 1e-05\n      f: -0.0\n      f: 1e+16\n    }\n  }\n}\n',
      ].join('\n'),
    );
  });

  it('has the keys of maps in their order, and the names of enums', () => {
    const tasks = (key: number, value: string) => `tasks {\n  key: ${key}\n  value: "${value}"\n}\n`;
    expect(JobDef.toText({ tasks: { 10: 'b', 2: 'a' } })).toBe(tasks(2, 'a') + tasks(10, 'b'));
    const frame = (key: string, line: number) =>
      `frames_by_id {\n  key: ${key}\n  value {\n    line: ${line}\n  }\n}\n`;
    const frames = frame('12', 0) + frame('9223372036854775809', 3);
    expect(GraphDebugInfo.toText(GraphDebugInfo.fromText(frames))).toBe(frames);
    const errors = 'queue_closed_exception_types: OUT_OF_RANGE\nqueue_closed_exception_types: CANCELLED\n';
    expect(QueueRunnerDef.fromText(errors).queueClosedExceptionTypes).toEqual([11, 1]);
    expect(QueueRunnerDef.toText(QueueRunnerDef.fromText(errors))).toBe(errors);
  });

  it('stands for the same message, whatever its values are', () => {
    const value = fc.oneof(
      fc.record({ s: fc.uint8Array() }),
      fc.record({ i: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) }),
      fc.record({ f: fc.float() }),
      fc.record({ b: fc.boolean() }),
      fc.record({ type: fc.integer({ min: 0, max: 200 }) }),
      fc.record({ tensor: fc.record({ doubleVal: fc.array(fc.double()), floatVal: fc.array(fc.float()) }) }),
      fc.record({ list: fc.record({ s: fc.array(fc.uint8Array()), i: fc.array(fc.integer()) }) }),
    );
    const node = fc.record({
      name: fc.string({ unit: 'grapheme' }),
      op: fc.string(),
      input: fc.array(fc.string({ unit: 'binary' })),
      attr: fc.dictionary(fc.string(), value),
    });
    fc.assert(
      fc.property(fc.array(node, { maxLength: 3 }), (nodes) => {
        const def = GraphDef.decode(GraphDef.encode({ node: nodes as never }));
        expect(GraphDef.fromText(GraphDef.toText(def))).toEqual(def);
      }),
      { numRuns: repetitions(100, 5000) },
    );
  });
});
