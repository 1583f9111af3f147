/**
 * The wire format of protocol buffers, value by value. 64-bit integers are numbers where a number is exact and bigints where it is not,
 * and a value that does not fit its field is an error.
 *
 * @see https://protobuf.dev/programming-guides/encoding
 */

/** How a value stands behind its tag. */
export const WireType = { VARINT: 0, FIXED64: 1, LENGTH: 2, GROUP: 3, GROUP_END: 4, FIXED32: 5 } as const;

const TWO_32 = 2 ** 32;

/** Texts shorter than this are read here; the decoder takes longer to be called than to read them. */
const SHORT_TEXT = 24;

/** Larger memory than this isn't kept from message to message. */
const MOST_KEPT = 2 ** 16;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads values from bytes, one after the other. */
export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #low = 0;
  #high = 0;
  /** The place of the next value. */
  position = 0;
  /** Where what is being read ends. */
  end: number;

  constructor(bytes: Uint8Array) {
    const { buffer, byteOffset, length } = bytes;
    // Bytes in messages are slices of these, and those of a Buffer would be Buffers.
    this.#bytes = Buffer.isBuffer(bytes) ? new Uint8Array(buffer, byteOffset, length) : bytes;
    this.#view = new DataView(buffer, byteOffset, length);
    this.end = length;
  }

  /** A field's number and, in its last three bits, how its value stands behind it. */
  tag(): number {
    this.#varint();
    if (this.#high !== 0 || this.#low < 8) throw new RangeError(`there is no such field as at byte ${this.position}`);
    return this.#low;
  }

  int32(): number {
    this.#varint();
    return this.#low | 0;
  }

  uint32(): number {
    this.#varint();
    return this.#low;
  }

  bool(): boolean {
    this.#varint();
    return this.#low !== 0 || this.#high !== 0;
  }

  int64(): number | bigint {
    this.#varint();
    const value = (this.#high | 0) * TWO_32 + this.#low;
    return Number.isSafeInteger(value) ? value : (BigInt(this.#high | 0) << 32n) | BigInt(this.#low);
  }

  uint64(): number | bigint {
    this.#varint();
    return this.#unsigned();
  }

  fixed32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  fixed64(): number | bigint {
    const at = this.#take(8);
    this.#low = this.#view.getUint32(at, true);
    this.#high = this.#view.getUint32(at + 4, true);
    return this.#unsigned();
  }

  float(): number {
    return this.#view.getFloat32(this.#take(4), true);
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** A view of the bytes. */
  bytes(): Uint8Array {
    const length = this.uint32();
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  string(): string {
    const length = this.uint32();
    const at = this.#take(length);
    if (length < SHORT_TEXT) {
      let text = '';
      let i = at;
      for (; i < at + length && this.#bytes[i]! < 0x80; i++) text += String.fromCharCode(this.#bytes[i]!);
      if (i === at + length) return text;
    }
    return utf8.decode(this.#bytes.subarray(at, at + length));
  }

  /**
   * Has what follows end where its length, which comes first, says.
   *
   * @returns where it ended before
   */
  within(): number {
    const length = this.uint32();
    if (length > this.end - this.position) throw this.#cutOff();
    const { end } = this;
    this.end = this.position + length;
    return end;
  }

  /** Passes over a value. */
  skip(wireType: number, id: number): void {
    if (wireType === WireType.VARINT) this.#varint();
    else if (wireType === WireType.FIXED64) this.#take(8);
    else if (wireType === WireType.LENGTH) this.#take(this.uint32());
    else if (wireType === WireType.FIXED32) this.#take(4);
    else if (wireType === WireType.GROUP) this.#skipGroup(id);
    else throw new RangeError(`a value can't be of wire type ${wireType}, at byte ${this.position}`);
  }

  #skipGroup(id: number): void {
    for (let depth = [id]; depth.length > 0; ) {
      const tag = this.tag();
      const [wireType, inner] = [tag & 7, tag >>> 3];
      if (wireType === WireType.GROUP) depth.push(inner);
      else if (wireType !== WireType.GROUP_END) this.skip(wireType, inner);
      else if (depth.pop() !== inner) throw new RangeError(`a group ends at byte ${this.position} that has not begun`);
    }
  }

  /** Bytes from one place to the next value, as they are. */
  since(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.position);
  }

  #take(length: number): number {
    const at = this.position;
    if (length > this.end - at) throw this.#cutOff();
    this.position = at + length;
    return at;
  }

  #cutOff(): RangeError {
    return new RangeError(`a value is cut off at byte ${this.end}`);
  }

  #unsigned(): number | bigint {
    const value = this.#high * TWO_32 + this.#low;
    return Number.isSafeInteger(value) ? value : (BigInt(this.#high) << 32n) | BigInt(this.#low);
  }

  /** Seven bits a byte, the lowest first; the fifth byte lies across the two halves. */
  #varint(): void {
    const bytes = this.#bytes;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= this.end) throw new RangeError(`an integer is cut off at byte ${this.position}`);
      const byte = bytes[this.position++]!;
      const bits = byte & 0x7f;
      if (shift < 32) low |= bits << shift;
      if (shift === 28) high |= bits >> 4;
      else if (shift > 28) high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return;
      }
    }
    throw new RangeError(`an integer of more than ten bytes ends at byte ${this.position}`);
  }
}

/** A 64-bit integer in two halves, as texts are parsed to. */
interface Halves {
  readonly low: number;
  readonly high: number;
}

/** Writes values, one after the other: 64-bit integers from numbers and bigints, bytes also from strings (as UTF-8). What does not fit is refused. */
export class WireWriter {
  #bytes = Buffer.allocUnsafeSlow(1024);
  #view = new DataView(this.#bytes.buffer);
  #position = 0;

  int32(value: unknown): void {
    const number = Number(value); // the keys of a map come as strings
    if ((number | 0) !== number) throw outOfRange(value, 'a 32-bit integer');
    this.#halves(number >>> 0, number < 0 ? TWO_32 - 1 : 0);
  }

  uint32(value: unknown): void {
    const number = Number(value);
    if (number >>> 0 !== number) throw outOfRange(value, 'an unsigned 32-bit integer');
    this.#halves(number, 0);
  }

  bool(value: unknown): void {
    this.#halves(value ? 1 : 0, 0);
  }

  int64(value: unknown): void {
    this.#varint64(value, BigInt.asIntN, 'a 64-bit integer');
  }

  uint64(value: unknown): void {
    this.#varint64(value, BigInt.asUintN, UNSIGNED_64);
  }

  fixed32(value: unknown): void {
    const number = Number(value);
    if (number >>> 0 !== number) throw outOfRange(value, 'an unsigned 32-bit integer');
    const at = this.#grow(4);
    this.#view.setUint32(at, number, true);
  }

  fixed64(value: unknown): void {
    const exact = typeof value === 'string' ? BigInt(value) : value; // the keys of a map come as strings
    const { low, high } = halvesOf(exact, BigInt.asUintN, UNSIGNED_64);
    const at = this.#grow(8);
    this.#view.setUint32(at, low, true);
    this.#view.setUint32(at + 4, high, true);
  }

  float(value: unknown): void {
    const at = this.#grow(4);
    this.#view.setFloat32(at, value as number, true);
  }

  double(value: unknown): void {
    const at = this.#grow(8);
    this.#view.setFloat64(at, value as number, true);
  }

  bytes(value: unknown): void {
    if (typeof value === 'string') {
      this.string(value);
      return;
    }
    if (!ArrayBuffer.isView(value)) throw new TypeError(`${String(value)} is no Uint8Array`);
    const bytes = value as Uint8Array;
    this.uint32(bytes.length);
    this.raw(bytes);
  }

  string(value: unknown): void {
    if (typeof value !== 'string') throw new TypeError(`${String(value)} is not a string`);
    if (value.length < SHORT_TEXT && this.#shortText(value)) return;
    const length = Buffer.byteLength(value);
    this.uint32(length);
    const at = this.#grow(length);
    this.#bytes.write(value, at, length);
  }

  /** A field's number, and how its value stands behind it. */
  tag(id: number, wireType: number): void {
    this.#halves(((id << 3) | wireType) >>> 0, 0);
  }

  /** Bytes as they are. */
  raw(bytes: ArrayLike<number>): void {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Writes a text without the runtime's encoder; false where it isn't ASCII. */
  #shortText(text: string): boolean {
    const { length } = text;
    const start = this.#grow(length + 1);
    this.#bytes[start] = length;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) {
        this.#position = start;
        return false;
      }
      this.#bytes[start + 1 + i] = code;
    }
    return true;
  }

  /**
   * Begins what has its length before it.
   *
   * @returns what {@link end} takes
   */
  begin(): number {
    return this.#grow(1);
  }

  /** Ends what was begun there. */
  end(start: number): void {
    const length = this.#position - start - 1;
    if (length < 0x80) {
      this.#bytes[start] = length;
      return;
    }
    // A length of more than one byte: what follows moves on.
    const bytes = length < 2 ** 14 ? 2 : length < 2 ** 21 ? 3 : length < 2 ** 28 ? 4 : 5;
    this.#grow(bytes - 1);
    this.#bytes.copyWithin(start + bytes, start + 1, start + 1 + length);
    for (let i = 0; i < bytes; i++) this.#bytes[start + i] = ((length >>> (7 * i)) & 0x7f) | (i < bytes - 1 ? 0x80 : 0);
  }

  /** All that was written; what is written then is another message. */
  finish(): Uint8Array {
    const written = new Uint8Array(this.#bytes.subarray(0, this.#position));
    this.#position = 0;
    return written;
  }

  /** Whether it is worth to be kept for other messages. */
  get isSmall(): boolean {
    return this.#bytes.length <= MOST_KEPT;
  }

  #varint64(value: unknown, wrap: Wrap, what: string): void {
    const { low, high } = halvesOf(value, wrap, what);
    this.#halves(low, high);
  }

  #halves(low: number, high: number): void {
    let [rest, above] = [low, high];
    let at = this.#grow(10);
    while (above > 0 || rest > 0x7f) {
      this.#bytes[at++] = (rest & 0x7f) | 0x80;
      rest = ((rest >>> 7) | (above << 25)) >>> 0;
      above >>>= 7;
    }
    this.#bytes[at++] = rest;
    this.#position = at;
  }

  /** Room for more bytes; returns where they begin. */
  #grow(length: number): number {
    const at = this.#position;
    this.#position += length;
    if (this.#position > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, this.#position));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}

const UNSIGNED_64 = 'an unsigned 64-bit integer';

type Wrap = (bits: number, value: bigint) => bigint;

function halvesOf(value: unknown, wrap: Wrap, what: string): Halves {
  if (typeof value === 'object' && value !== null && 'low' in value && 'high' in value) {
    const { low, high } = value as Halves;
    return { low: low >>> 0, high: high >>> 0 };
  }
  if (typeof value === 'bigint') {
    if (wrap(64, value) !== value) throw outOfRange(value, what);
    return { low: Number(BigInt.asUintN(32, value)), high: Number(BigInt.asUintN(32, value >> 32n)) };
  }
  if (!Number.isSafeInteger(value) || ((value as number) < 0 && wrap === BigInt.asUintN)) throw outOfRange(value, what);
  const number = value as number;
  return { low: number >>> 0, high: Math.floor(number / TWO_32) >>> 0 };
}

function outOfRange(value: unknown, what: string): RangeError {
  const hint = typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER ? ' (use a bigint)' : '';
  return new RangeError(`${String(value)} is not ${what}${hint}`);
}
