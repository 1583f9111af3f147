/**
 * An event file contains the `SummaryMetadata` of a tag once, in the first value that has it; readers remember it. Most
 * summaries are computed by a graph as bytes and have none, which this finds out without decoding them.
 */
import type { Summary } from '../../protos';
import { InvalidArgumentError } from '../../runtime/errors';

/** Removes the metadata of tags that are already known, or occur earlier in the summary. */
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

/** The kind of a summary's value. TensorBoard expects all values of a tag to be of one kind. */
export type SummaryKind = 'scalar' | 'histogram' | 'image' | 'audio' | 'tensor' | (string & {});

/** What can be read from a value without decoding it. */
export interface ValueHead {
  tag: string;
  /** Undefined if it has only metadata. */
  kind: SummaryKind | undefined;
  hasMetadata: boolean;
}

/**
 * The only field of `Summary`, and those of `Summary.Value`: `number << 3 | 2`, a length and bytes; a scalar has four
 * bytes.
 */
const VALUE = (1 << 3) | 2;
const TAG = (1 << 3) | 2;
const METADATA = (9 << 3) | 2;
const kinds = new Map<number, SummaryKind>([
  [(2 << 3) | 5, 'scalar'],
  [(4 << 3) | 2, 'image'],
  [(5 << 3) | 2, 'histogram'],
  [(6 << 3) | 2, 'audio'],
  [(8 << 3) | 2, 'tensor'],
]);

/**
 * The values of an encoded summary.
 *
 * @throws {InvalidArgumentError} when the bytes are not a `Summary`
 */
export function headsOf(summary: Uint8Array): ValueHead[] {
  const bytes = Buffer.from(summary.buffer, summary.byteOffset, summary.length);
  const heads: ValueHead[] = [];
  let at = 0;
  const { length } = bytes;

  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < length; scale *= 0x80) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };

  while (at < length) {
    if (varint() !== VALUE) throw notASummary(at);
    const end = varint() + at;
    if (!(end <= length)) throw notASummary(at);
    const head: ValueHead = { tag: '', kind: undefined, hasMetadata: false };
    while (at < end) {
      const field = varint();
      const wireType = field & 7;
      if (wireType === 0) varint();
      else if (wireType === 1) at += 8;
      else if (wireType === 2) {
        const size = varint();
        if (field === TAG) head.tag = bytes.toString('utf8', at, at + size);
        at += size;
      } else if (wireType === 5) at += 4;
      else throw notASummary(at);
      head.hasMetadata ||= field === METADATA;
      head.kind ??= kinds.get(field);
    }
    if (at !== end) throw notASummary(at);
    heads.push(head);
  }
  return heads;
}

const notASummary = (at: number): InvalidArgumentError =>
  new InvalidArgumentError(`not an encoded Summary: what is at byte ${at} is none of its fields`);

/** The kinds of tensors for these plugins. */
const pluginKinds: Readonly<Record<string, SummaryKind>> = {
  scalars: 'scalar',
  histograms: 'histogram',
  images: 'image',
  audio: 'audio',
};

/**
 * The kinds of the tags of a run. TensorBoard goes by the first value of a tag, and fails at a later one of another
 * kind.
 */
export class TagKinds {
  readonly #kinds = new Map<string, SummaryKind>();

  /**
   * Checks that values have the kinds of their tags.
   *
   * @throws {InvalidArgumentError} when one is of another kind, or two of one tag differ
   */
  check(heads: readonly Pick<ValueHead, 'tag' | 'kind'>[]): void {
    const among = new Map<string, SummaryKind>();
    for (const { tag, kind } of heads) {
      if (kind === undefined) continue;
      const known = this.#kinds.get(tag) ?? among.get(tag) ?? kind;
      // Only the first tensor of a tag names its plugin.
      if (known !== kind && kind !== 'tensor')
        throw new InvalidArgumentError(
          `the tag '${tag}' is of the kind ${known} in this event file, and can't be of the kind ${kind}, too: ` +
            'TensorBoard shows one kind under a tag; take another tag',
        );
      among.set(tag, known);
    }
  }

  /** Remembers the kinds of values that were written. */
  keep(heads: readonly Pick<ValueHead, 'tag' | 'kind'>[]): void {
    for (const { tag, kind } of heads) if (kind !== undefined && !this.#kinds.has(tag)) this.#kinds.set(tag, kind);
  }
}

/** The values, with the kinds of the plugins that their metadata names. */
export function withPlugins(heads: readonly ValueHead[], { value }: Summary): ValueHead[] {
  return heads.map((head, i) => {
    const plugin = value[i]?.metadata?.pluginData?.pluginName;
    return plugin ? { ...head, kind: pluginKinds[plugin] ?? plugin } : head;
  });
}
