/** The cells that may still have something at work. */
import type { Cell } from './cell';

/**
 * Cells by the order in which they began. Of one that has ended nothing is left but what it left at work: timers, promises, whatever waits
 * for the cell's signal. As long as there is such a thing, it knows its cell; when there is none, no one does, and the cell is forgotten.
 */
export class Cells {
  readonly #cells = new Set<WeakRef<Cell>>();
  /** Who has a cell's signal has the cell. */
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

  /** The one that began last. */
  get last(): Cell | undefined {
    return this.#last;
  }

  /** All but those that were aborted and have ended: what they did has ended, too, or is left to itself. */
  get all(): Cell[] {
    const known = [...this.#cells].flatMap((cell) => cell.deref() ?? []);
    return known.filter(({ signal, ended }) => !ended || !signal.aborted);
  }
}
