import { describe, expect, it } from 'vitest';
import { type MessageInit, Summary } from '../../protos';
import { headsOf, withoutKnownMetadata } from './metadata';

const metadata = { pluginData: { pluginName: 'text' } };
const value = (tag: string): MessageInit<Summary.Value> => ({ tag, metadata, tensor: { dtype: 7, stringVal: ['x'] } });
const scalar: MessageInit<Summary.Value> = { tag: 'loss', nodeName: 'n', simpleValue: 1 };
const histogram: MessageInit<Summary.Value> = { tag: 'h', histo: { num: 300, bucket: [1, 2] } };

describe('headsOf', () => {
  it('gives tags and kinds of the values of an encoded summary, and whether they have metadata', () => {
    expect(headsOf(Summary.encode({}))).toEqual([]);
    expect(headsOf(Summary.encode({ value: [scalar, histogram, value('ä'), { tag: 'm', metadata }] }))).toEqual([
      { tag: 'loss', kind: 'scalar', hasMetadata: false },
      { tag: 'h', kind: 'histogram', hasMetadata: false },
      { tag: 'ä', kind: 'tensor', hasMetadata: true },
      { tag: 'm', kind: undefined, hasMetadata: true },
    ]);
    const media = { encodedImageString: new Uint8Array(300) };
    expect(
      headsOf(
        Summary.encode({
          value: [
            { tag: 'i', image: media },
            { tag: 'a', audio: {} },
          ],
        }),
      ),
    ).toMatchObject([{ kind: 'image' }, { kind: 'audio' }]);
    // Fields of later versions, as a varint and as eight bytes.
    const unknown = { tag: '', kind: undefined, hasMetadata: false };
    expect(headsOf(new Uint8Array([0x0a, 3, 0xa0, 6, 1]))).toEqual([unknown]);
    expect(headsOf(new Uint8Array([0x0a, 10, 0xa1, 6, 1, 2, 3, 4, 5, 6, 7, 8]))).toEqual([unknown]);
  });

  it('refuses bytes that are no summary', () => {
    const summary = Summary.encode({ value: [scalar] });
    for (const bytes of [summary.subarray(0, summary.length - 1), Buffer.from('hello'), new Uint8Array([0x0a])]) {
      expect(() => headsOf(bytes)).toThrow(/^not an encoded Summary: /);
    }
  });
});

describe('withoutKnownMetadata', () => {
  it('keeps the metadata of the first value of a tag only', () => {
    const summary = Summary.decode(Summary.encode({ value: [value('a'), scalar, value('b'), value('b')] }));
    const { value: values } = withoutKnownMetadata(summary, new Set(['a', 'loss']));
    expect(values.map((one) => [one.tag, one.metadata?.pluginData?.pluginName])).toEqual([
      ['a', undefined],
      ['loss', undefined],
      ['b', 'text'],
      ['b', undefined],
    ]);
    expect(values[0]?.tensor).toEqual(summary.value[0]?.tensor);
  });
});
