/**
 * Images stored as bytes, which become floats when a batch needs them. They take a quarter of the memory, a batch reads a quarter of the bytes
 * from it, and scaling them is as fast as copying floats would be.
 */
import { askForLargePages } from '../runtime/largePages';
import { CONTROL_WORDS, Prefetcher, type Workspace } from './prefetcher';
import { scaleRows } from './scaleRows';

/** Smaller sets aren't worth a WebAssembly memory, which consists of 64 kB pages and reserves address space. */
const FEWEST_BYTES = 2 ** 20;

/** WebAssembly addresses have 32 bits. */
const MOST_BYTES = 2 ** 32 - 2 ** 24;

/** The most bytes of floats made at once, so that they stay in the processor's cache until they are copied. */
const ROOM_BYTES = 2 ** 20;

/** The module reads and writes up to this many bytes past the end. */
const PADDING = 64;

const PAGE_BYTES = 2 ** 16;

/** The function that the module exports, see scaleRows.wat. `rows` and `out` are addresses. */
type Scale = (rows: number, count: number, width: number, out: number) => void;

let compiled: WebAssembly.Module | undefined;

/** The pixels of images, one row per image. */
export class PackedImages {
  readonly pixels: Uint8Array;
  /** The number of bytes per row. */
  readonly width: number;
  /** For rows that were not prefetched. */
  readonly #workspace: Workspace;
  readonly #prefetcher: Prefetcher;
  readonly #scale: Scale;

  private constructor(pixels: Uint8Array, width: number, rowsAtOnce: number) {
    let end = aligned(pixels.length + PADDING);
    const places = [0, 1, 2].map(() => {
      const rowsAt = end;
      const floatsAt = aligned(rowsAt + 4 * rowsAtOnce);
      end = aligned(floatsAt + 4 * rowsAtOnce * width + PADDING);
      return { rowsAt, floatsAt };
    });
    const controlAt = end;
    const pages = Math.ceil((controlAt + 4 * CONTROL_WORDS) / PAGE_BYTES);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const { buffer } = memory;
    askForLargePages(buffer);
    this.pixels = new Uint8Array(buffer, 0, pixels.length);
    this.pixels.set(pixels);
    compiled ??= new WebAssembly.Module(Buffer.from(scaleRows, 'base64'));
    this.#scale = new WebAssembly.Instance(compiled, { host: { memory } }).exports.scale as Scale;
    this.width = width;
    const [own, first, second] = places.map(({ rowsAt, floatsAt }) => ({
      rows: new Uint32Array(buffer, rowsAt, rowsAtOnce),
      floats: new Float32Array(buffer, floatsAt, rowsAtOnce * width),
    })) as [Workspace, Workspace, Workspace];
    this.#workspace = own;
    this.#prefetcher = new Prefetcher({
      module: compiled,
      memory,
      width,
      workspaces: [first, second],
      control: new Int32Array(buffer, controlAt, CONTROL_WORDS),
    });
  }

  /**
   * A copy of `pixels`, in rows of `width`. Undefined where the set is too small, larger than 4 GB, or there is no WebAssembly.
   */
  static of(pixels: Uint8Array, width: number): PackedImages | undefined {
    const rowsAtOnce = Math.floor(ROOM_BYTES / (4 * width));
    if (pixels.length < FEWEST_BYTES || pixels.length > MOST_BYTES || rowsAtOnce === 0) return undefined;
    try {
      return new PackedImages(pixels, width, rowsAtOnce);
    } catch {
      return undefined; // `node --jitless`, or too little address space (`ulimit -v`)
    }
  }

  /** The number of rows. */
  get count(): number {
    return this.pixels.length / this.width;
  }

  /** Whether {@link borrow} has room for this many rows. */
  hasRoomFor(rows: number): boolean {
    return rows <= this.#workspace.rows.length;
  }

  /** Rows by number, each pixel divided by 255. The memory is valid until the next call of this method or of {@link expect}. */
  borrow(rows: Uint32Array): Float32Array {
    return this.#prefetcher.take(rows) ?? this.#scaled(rows);
  }

  #scaled(rows: Uint32Array): Float32Array {
    const { rows: numbers, floats } = this.#workspace;
    numbers.set(rows);
    this.#scale(numbers.byteOffset, rows.length, this.width, floats.byteOffset);
    return floats.subarray(0, rows.length * this.width);
  }

  /** Announces the rows that follow a batch which was just drawn, so that they can be prefetched. */
  expect(upcoming: Uint32Array, batchSize: number): void {
    if (this.hasRoomFor(batchSize)) this.#prefetcher.expect(upcoming, batchSize);
  }

  /** {@link borrow} for any number of rows, in pieces. */
  *pieces(rows: Uint32Array): Generator<Float32Array> {
    const { length } = this.#workspace.rows;
    for (let begin = 0; begin < rows.length; begin += length) yield this.borrow(rows.subarray(begin, begin + length));
  }

  /** {@link borrow} for any number of rows, copied to the beginning of `target`. */
  copyTo(target: Float32Array, rows: Uint32Array): void {
    let at = 0;
    for (const piece of this.pieces(rows)) {
      target.set(piece, at);
      at += piece.length;
    }
  }

  /** One pixel, divided by 255. */
  at(row: number, column: number): number {
    return Math.fround(this.pixels[row * this.width + column]! / 255);
  }
}

function aligned(address: number): number {
  return Math.ceil(address / PADDING) * PADDING;
}
