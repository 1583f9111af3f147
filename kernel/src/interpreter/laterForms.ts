/** Displays that are shown at once and completed with slower representations after the cell has been answered. */
import { AsyncResource } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { laterForms, type MimeBundle } from 'tf-mechanics/kernel-host';
import type { Cell } from './cell';

export class LaterForms {
  /** Displays that wait for further representations, by display id. */
  readonly #waiting = new Map<string, MimeBundle>();

  /**
   * Displays a bundle as output of the running code. A bundle with pending representations can't be a cell's result:
   * displays can be updated by their id, but JupyterLab gives results none.
   */
  display(cell: Cell, data: MimeBundle, options: { displayId?: string; update?: boolean } = {}): void {
    const { displayId = randomUUID() } = options;
    this.#waiting.delete(displayId); // representations of the previous content are outdated
    const make = data[laterForms];
    if (!make) {
      cell.output.display(data, options);
      return;
    }
    this.#waiting.set(displayId, data);
    cell.output.display(data, { ...options, displayId });
    // Bound to the cell's async context, so that output stays redirected and warnings belong to the cell.
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
