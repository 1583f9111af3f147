/**
 * An event file holds the `SummaryMetadata` of a tag once, with the first value that has it; readers keep it from there on.
 * Most summaries come out of a graph as bytes and have none, which is seen without decoding them.
 */
import type { Summary } from '../protos';
import { InvalidArgumentError } from '../runtime/errors';

/** The summary without the metadata of tags that are known, or stand in it before. */
export function withoutKnownMetadata({ value }: Summary, known: ReadonlySet<string>): Summary {
  const tags = new Set(known);
  const once = value.map((one) => {
    if (!one.metadata) return one;
    if (tags.has(one.tag)) return { ...one, metadata: undefined };
    tags.add(one.tag);
    return one;
  });
  return { value: once };
}

/** The only field of `Summary`, and the one of `Summary.Value` that is looked for: `number << 3 | 2`, a length and bytes. */
const VALUE = (1 << 3) | 2;
const METADATA = (9 << 3) | 2;

/**
 * Whether any value of an encoded summary has metadata.
 *
 * @throws {InvalidArgumentError} If the bytes are not a `Summary`.
 */
export function hasMetadata(summary: Uint8Array): boolean {
  let at = 0;
  const { length } = summary;

  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < length; scale *= 0x80) {
      const byte = summary[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };

  while (at < length) {
    if (varint() !== VALUE) throw notASummary(at);
    const end = varint() + at;
    if (!(end <= length)) throw notASummary(at);
    while (at < end) {
      const tag = varint();
      if (tag === METADATA) return true;
      const wireType = tag & 7;
      if (wireType === 0) varint();
      else if (wireType === 1) at += 8;
      else if (wireType === 2)
        at = varint() + at; // not `+=`: reading the length moves on
      else if (wireType === 5) at += 4;
      else throw notASummary(at);
    }
    if (at !== end) throw notASummary(at);
  }
  return false;
}

const notASummary = (at: number): InvalidArgumentError =>
  new InvalidArgumentError(`not an encoded Summary: what is at byte ${at} is none of its fields`);
