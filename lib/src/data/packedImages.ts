/**
 * Images that are kept as bytes, a quarter of the memory of floats, and become floats when a batch needs them. Of a batch only a
 * quarter has to come from memory so, and it is scaled as fast as it could be copied.
 */
import { askForLargePages } from '../runtime/largePages';
import { CONTROL_WORDS, Prefetcher, type Workspace } from './prefetcher';
import { scaleRows } from './scaleRows';

/** Sets of fewer bytes aren't worth a memory of WebAssembly's: it takes pages of 64 kB, and reserves addresses. */
const FEWEST_BYTES = 2 ** 20;

/** WebAssembly has addresses of 32 bits. */
const MOST_BYTES = 2 ** 32 - 2 ** 24;

/** The bytes of floats that are made at once: they stay in the processor's cache until they are copied. */
const ROOM_BYTES = 2 ** 20;

/** The module reads and writes up to so many bytes too far. */
const PADDING = 64;

const PAGE_BYTES = 2 ** 16;

/** What the module does; see scaleRows.wat. All but the count and the width are addresses. */
type Scale = (rows: number, count: number, width: number, out: number) => void;

let compiled: WebAssembly.Module | undefined;

/** The pixels of images, row after row. */
export class PackedImages {
  /** All of them. */
  readonly pixels: Uint8Array;
  /** The number of bytes of a row. */
  readonly width: number;
  /** Where rows are scaled that nobody has scaled ahead. */
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
   * A copy of `pixels`, rows of `width`; undefined where that isn't worth it, or can't be: where they are few, or more than 4 GB, or
   * there is no WebAssembly here.
   */
  static of(pixels: Uint8Array, width: number): PackedImages | undefined {
    const rowsAtOnce = Math.floor(ROOM_BYTES / (4 * width));
    if (pixels.length < FEWEST_BYTES || pixels.length > MOST_BYTES || rowsAtOnce === 0) return undefined;
    try {
      return new PackedImages(pixels, width, rowsAtOnce);
    } catch {
      return undefined; // `node --jitless`, or too few addresses for a process (`ulimit -v`)
    }
  }

  /** The number of rows. */
  get count(): number {
    return this.pixels.length / this.width;
  }

  /** Whether {@link borrow} has room for so many rows. */
  hasRoomFor(rows: number): boolean {
    return rows <= this.#workspace.rows.length;
  }

  /** The rows of these numbers, each pixel divided by 255, in memory that the next call, or the next batch that is drawn, writes into. */
  borrow(rows: Uint32Array): Float32Array {
    return this.#prefetcher.take(rows) ?? this.#scaled(rows);
  }

  #scaled(rows: Uint32Array): Float32Array {
    const { rows: numbers, floats } = this.#workspace;
    numbers.set(rows);
    this.#scale(numbers.byteOffset, rows.length, this.width, floats.byteOffset);
    return floats.subarray(0, rows.length * this.width);
  }

  /** Says which rows come after a batch of so many that was drawn, which are then scaled ahead of time where that pays. */
  expect(upcoming: Uint32Array, batchSize: number): void {
    if (this.hasRoomFor(batchSize)) this.#prefetcher.expect(upcoming, batchSize);
  }

  /** What {@link borrow} gives of any number of rows, some at a time. */
  *pieces(rows: Uint32Array): Generator<Float32Array> {
    const { length } = this.#workspace.rows;
    for (let begin = 0; begin < rows.length; begin += length) yield this.borrow(rows.subarray(begin, begin + length));
  }

  /** Copies what {@link borrow} gives of any number of rows to the beginning of `target`. */
  copyTo(target: Float32Array, rows: Uint32Array): void {
    let at = 0;
    for (const piece of this.pieces(rows)) {
      target.set(piece, at);
      at += piece.length;
    }
  }

  /** One pixel divided by 255. */
  at(row: number, column: number): number {
    return Math.fround(this.pixels[row * this.width + column]! / 255);
  }
}

function aligned(address: number): number {
  return Math.ceil(address / PADDING) * PADDING;
}
