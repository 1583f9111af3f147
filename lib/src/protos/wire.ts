/**
 * protobufjs' reader and writer with exact integers: 64-bit values are numbers where a number is exact and bigints
 * elsewhere (protobufjs only has its own `Long` objects), and a value that doesn't fit its field is an error
 * (protobufjs would truncate it silently).
 */
import protobuf from 'protobufjs/light';

/** The 64-bit methods of protobufjs at run time: they don't have to return a `Long`. */
interface Reader64 extends Omit<protobuf.Reader, 'int64' | 'uint64' | 'fixed64'> {
  int64(): number | bigint;
  uint64(): number | bigint;
  fixed64(): number | bigint;
}
const Reader = protobuf.Reader as unknown as new (bytes: Uint8Array) => Reader64;

const TWO_32 = 2 ** 32;

/** Reads 64-bit integers as numbers, or as bigints beyond ±2^53, and keeps unknown fields. */
export class ExactReader extends Reader {
  #low = 0;
  #high = 0;

  constructor(bytes: Uint8Array) {
    // Bytes in messages are slices of these, and slices of a Buffer would be Buffers.
    super(Buffer.isBuffer(bytes) ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes);
    this.discardUnknown = false;
  }

  override int64(): number | bigint {
    this.#varint64();
    const value = (this.#high | 0) * TWO_32 + this.#low;
    return Number.isSafeInteger(value) ? value : (BigInt(this.#high | 0) << 32n) | BigInt(this.#low);
  }

  override uint64(): number | bigint {
    this.#varint64();
    return this.#unsigned();
  }

  override fixed64(): number | bigint {
    this.#low = this.fixed32();
    this.#high = this.fixed32();
    return this.#unsigned();
  }

  #unsigned(): number | bigint {
    const value = this.#high * TWO_32 + this.#low;
    return Number.isSafeInteger(value) ? value : (BigInt(this.#high) << 32n) | BigInt(this.#low);
  }

  /** Seven bits per byte, lowest first; the fifth byte belongs to both halves. */
  #varint64(): void {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.pos >= this.len) throw new RangeError(`an integer is cut off at byte ${this.pos}`);
      const byte = this.buf[this.pos++]!;
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
    throw new RangeError(`an integer of more than ten bytes ends at byte ${this.pos}`);
  }
}

/** The types at run time of the methods replaced below: they return the writer. */
type Replaced =
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'fixed64'
  | 'int32s'
  | 'uint32s'
  | 'int64s'
  | 'uint64s'
  | 'fixed64s'
  | 'bytes';
const Writer = protobuf.Writer as unknown as new () => Omit<protobuf.Writer, Replaced> & {
  int32(value: number): protobuf.Writer;
  uint32(value: number): protobuf.Writer;
  int64(value: Halves | number): protobuf.Writer;
  uint64(value: Halves | number): protobuf.Writer;
  fixed64(value: Halves | number): protobuf.Writer;
  bytes(value: Uint8Array): protobuf.Writer;
};

/** protobufjs' representation of a 64-bit integer that isn't a number. */
interface Halves {
  low: number;
  high: number;
}

/**
 * Writes 64-bit integers from numbers and bigints, and bytes also from strings (as UTF-8); rejects values that don't
 * fit.
 */
export class ExactWriter extends Writer {
  override int32(value: unknown): protobuf.Writer {
    const number = Number(value); // map keys are strings
    if ((number | 0) !== number) throw outOfRange(value, 'a 32-bit integer');
    return super.int32(number);
  }

  override uint32(value: unknown): protobuf.Writer {
    const number = Number(value);
    if (number >>> 0 !== number) throw outOfRange(value, 'an unsigned 32-bit integer');
    return super.uint32(number);
  }

  override int64(value: unknown): protobuf.Writer {
    return super.int64(halves(value, BigInt.asIntN, 'a 64-bit integer'));
  }

  override uint64(value: unknown): protobuf.Writer {
    return super.uint64(halves(value, BigInt.asUintN, 'an unsigned 64-bit integer'));
  }

  override fixed64(value: unknown): protobuf.Writer {
    const exact = typeof value === 'string' ? BigInt(value) : value; // map keys are strings
    return super.fixed64(halves(exact, BigInt.asUintN, 'an unsigned 64-bit integer'));
  }

  override bytes(value: Uint8Array | string): protobuf.Writer {
    return super.bytes(typeof value === 'string' ? Buffer.from(value) : value);
  }

  int32s(values: ArrayLike<unknown>): this {
    return this.#packed(values, (value) => this.int32(value));
  }

  uint32s(values: ArrayLike<unknown>): this {
    return this.#packed(values, (value) => this.uint32(value));
  }

  int64s(values: ArrayLike<unknown>): this {
    return this.#packed(values, (value) => this.int64(value));
  }

  uint64s(values: ArrayLike<unknown>): this {
    return this.#packed(values, (value) => this.uint64(value));
  }

  fixed64s(values: ArrayLike<unknown>): this {
    return this.#packed(values, (value) => this.fixed64(value));
  }

  #packed(values: ArrayLike<unknown>, write: (value: unknown) => void): this {
    this.fork();
    for (let i = 0; i < values.length; i++) write(values[i]);
    this.ldelim();
    return this;
  }
}

function halves(value: unknown, wrap: (bits: number, value: bigint) => bigint, what: string): Halves | number {
  if (typeof value === 'object' && value !== null && 'low' in value) return value as Halves; // protobufjs' own, parsed from text
  if (typeof value === 'bigint') {
    if (wrap(64, value) !== value) throw outOfRange(value, what);
    return { low: Number(BigInt.asUintN(32, value)), high: Number(BigInt.asUintN(32, value >> 32n)) };
  }
  if (!Number.isSafeInteger(value) || ((value as number) < 0 && wrap === BigInt.asUintN)) throw outOfRange(value, what);
  return value as number;
}

function outOfRange(value: unknown, what: string): RangeError {
  const hint = typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER ? ' (use a bigint)' : '';
  return new RangeError(`${String(value)} is not ${what}${hint}`);
}
