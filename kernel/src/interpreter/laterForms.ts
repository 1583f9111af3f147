/** Things that are shown twice: at once, and with the forms that take longer once the cell has been answered. */
import { AsyncResource } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { laterForms, type MimeBundle } from 'tf-mechanics/kernel-host';
import type { Cell } from './cell';

export class LaterForms {
  /** What waits for more forms, by the name under which it is shown. */
  readonly #waiting = new Map<string, MimeBundle>();

  /**
   * Shows a bundle in the output of the running code.
   *
   * It can't be the result of a cell where there is more to come: pages and documents replace what has a name, but JupyterLab gives none to results.
   */
  display(cell: Cell, data: MimeBundle, options: { displayId?: string; update?: boolean } = {}): void {
    const { displayId = randomUUID() } = options;
    this.#waiting.delete(displayId); // what has been drawn by then of what was there before is outdated
    const make = data[laterForms];
    if (!make) {
      cell.output.display(data, options);
      return;
    }
    this.#waiting.set(displayId, data);
    cell.output.display(data, { ...options, displayId });
    // In the context of the cell: output that was diverted stays so, and a warning is the cell's.
    cell.afterwards(AsyncResource.bind(() => this.#complete(cell, displayId, data, make)));
  }

  async #complete(cell: Cell, displayId: string, data: MimeBundle, make: () => Promise<MimeBundle>): Promise<void> {
    const forms = await make().catch((error: unknown): MimeBundle => {
      cell.output.stream('stderr', `${error instanceof Error ? error.stack : String(error)}\n`);
      return {};
    });
    if (this.#waiting.get(displayId) !== data) return;
    this.#waiting.delete(displayId);
    if (Object.keys(forms).length > 0) cell.output.display({ ...data, ...forms }, { displayId, update: true });
  }
}
