/** Tracks the cells that may have asynchronous work left. */
import type { Cell } from './cell';

/**
 * Cells in starting order. A cell that has ended is referenced only by its remaining work: timers, promises, listeners
 * on its signal. Cells are held weakly, so a cell is collected when its work is done.
 */
export class Cells {
  readonly #cells = new Set<WeakRef<Cell>>();
  /** Keeps a cell alive as long as its signal is referenced. */
  readonly #ofSignal = new WeakMap<AbortSignal, Cell>();
  readonly #gone = new FinalizationRegistry<WeakRef<Cell>>((cell) => this.#cells.delete(cell));
  #last: Cell | undefined;

  add(cell: Cell): void {
    const known = new WeakRef(cell);
    this.#cells.add(known);
    this.#gone.register(cell, known);
    this.#ofSignal.set(cell.signal, cell);
    this.#last = cell;
  }

  /** The cell that began last. */
  get last(): Cell | undefined {
    return this.#last;
  }

  /** All cells except those that were aborted and have ended: their work has ended too, or was abandoned. */
  get all(): Cell[] {
    const known = [...this.#cells].flatMap((cell) => cell.deref() ?? []);
    return known.filter(({ signal, ended }) => !ended || !signal.aborted);
  }
}
