import { describe, expect, it } from 'vitest';
import { type MessageInit, Summary } from '../protos';
import { hasMetadata, withoutKnownMetadata } from './metadata';

const metadata = { pluginData: { pluginName: 'text' } };
const value = (tag: string): MessageInit<Summary.Value> => ({ tag, metadata, tensor: { dtype: 7, stringVal: ['x'] } });
const scalar: MessageInit<Summary.Value> = { tag: 'loss', nodeName: 'n', simpleValue: 1 };
const histogram: MessageInit<Summary.Value> = { tag: 'h', histo: { num: 300, bucket: [1, 2] } };

describe('hasMetadata', () => {
  it('sees it in any value of an encoded summary', () => {
    expect(hasMetadata(Summary.encode({}))).toBe(false);
    expect(hasMetadata(Summary.encode({ value: [scalar, histogram] }))).toBe(false);
    expect(hasMetadata(Summary.encode({ value: [value('a')] }))).toBe(true);
    expect(hasMetadata(Summary.encode({ value: [scalar, histogram, value('a')] }))).toBe(true);
    // Fields of later versions, as a varint and as eight bytes.
    expect(hasMetadata(new Uint8Array([0x0a, 3, 0xa0, 6, 1]))).toBe(false);
    expect(hasMetadata(new Uint8Array([0x0a, 10, 0xa1, 6, 1, 2, 3, 4, 5, 6, 7, 8]))).toBe(false);
  });

  it('refuses bytes that are no summary', () => {
    const summary = Summary.encode({ value: [scalar] });
    for (const bytes of [summary.subarray(0, summary.length - 1), Buffer.from('hello'), new Uint8Array([0x0a])]) {
      expect(() => hasMetadata(bytes)).toThrow(/^not an encoded Summary: /);
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
