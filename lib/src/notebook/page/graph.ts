/** The graph of an output, as the reader explores it: scopes open and close, nodes tell about themselves, the view moves. */
import { detailsHtml } from '../graph/details';
import { drawingOf } from '../graph/devices';
import type { GraphData, OperationData } from '../graph/graphData';
import { type Hierarchy, hierarchyOf } from '../graph/hierarchy';
import type { Drawing } from '../graph/layout';
import { MAX_SEEN, openWithin } from '../graph/opening';
import { svgOf } from '../graph/svg';
import { PanZoom } from './graphPanZoom';
import { unzipped } from './unzipped';

/** Draws a graph in `output`, in the place of its still picture. */
export async function mountGraph(output: HTMLElement, data: GraphData): Promise<void> {
  const operations: OperationData[] = await unzipped(data.gzip).json();
  new GraphPage(output, data, hierarchyOf(operations));
}

class GraphPage {
  readonly #data: GraphData;
  readonly #hierarchy: Hierarchy;
  readonly #expanded: Set<string>;
  readonly #drawing: HTMLElement;
  readonly #details: HTMLElement;
  readonly #message: HTMLElement;
  readonly #panZoom: PanZoom;
  #selected = '';
  /** The layout of what is open, until something else is. */
  #layout: Drawing | undefined;

  constructor(output: HTMLElement, data: GraphData, hierarchy: Hierarchy) {
    this.#data = data;
    this.#hierarchy = hierarchy;
    this.#expanded = new Set(data.expanded);
    this.#drawing = element('div', 'position:absolute;transform-origin:0 0;left:0;top:0');
    this.#details = element(
      'div',
      'flex:0 0 290px;max-width:50%;overflow:auto;box-sizing:border-box;padding:10px 12px;border-left:1px solid #d5dae1;' +
        'font-size:12px;line-height:1.45;overflow-wrap:anywhere',
    );
    const frame = element(
      'div',
      'display:flex;background:#fff;color:#1f2733;border:1px solid #d5dae1;border-radius:4px;font-family:system-ui,sans-serif;' +
        'overflow:hidden;resize:vertical;min-height:160px',
    );
    const viewport = element('div', 'flex:1;min-width:0;position:relative;overflow:hidden;touch-action:pan-y');
    const bar = element('div', 'position:absolute;left:6px;bottom:6px;display:flex;gap:4px');
    this.#panZoom = new PanZoom(viewport, this.#drawing);
    bar.append(
      button('+', 'Zoom in', () => this.#panZoom.zoom(1.25)),
      button('−', 'Zoom out', () => this.#panZoom.zoom(0.8)),
      button('Fit', 'Show the whole graph', () => this.#panZoom.fit()),
      button('Close all', 'Close all scopes', () => this.#closeAll()),
    );
    viewport.append(this.#drawing, bar);
    frame.append(viewport, this.#details);
    output.replaceChildren(frame);
    this.#message = element('div', 'font-size:12px');
    this.#message.setAttribute('role', 'status');
    this.#message.textContent = data.note ?? '';
    output.append(this.#message);

    this.#select('');
    frame.style.height = `${this.#panZoom.bestHeight()}px`;
    this.#panZoom.fit();
    frame.addEventListener('click', ({ target }) => {
      if (!this.#panZoom.dragged) this.#press(target, true);
    });
    frame.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') {
        if (this.#press(event.target, false)) event.preventDefault();
      } else if (event.key === 'Escape') this.#select('');
      // Jupyter has its own meaning for most keys.
      event.stopPropagation();
    });
  }

  #draw(): void {
    this.#layout ??= drawingOf(this.#hierarchy, this.#expanded, this.#data);
    this.#drawing.innerHTML = svgOf(this.#layout, { interactive: true, selected: this.#selected });
    this.#panZoom.size = this.#layout;
  }

  /** Opens or closes a scope, or tells about a node; a press beside everything puts the details away. */
  #press(target: EventTarget | null, byPointer: boolean): boolean {
    if (!(target instanceof Element)) return false;
    const link = target.closest<HTMLElement>('[data-show]');
    if (link?.dataset.show) {
      this.#reveal(link.dataset.show);
      return true;
    }
    const id = target.closest<SVGElement>('[data-id]')?.dataset.id;
    if (id === undefined) {
      if (byPointer && !target.closest('button') && !this.#details.contains(target)) this.#select('');
      return false;
    }
    const node = this.#hierarchy.nodes.get(id);
    if (!node) return false;
    if (node.children.length > 0) this.#toggle(id);
    this.#select(id);
    return true;
  }

  /** In a view that the reader has chosen, what was pressed stays where it is on the screen, whatever moves around it. */
  #toggle(id: string): void {
    const before = this.#find(id)?.getBoundingClientRect();
    if (!this.#expanded.delete(id)) this.#expanded.add(id);
    this.#closeExcess();
    this.#draw();
    const after = this.#find(id)?.getBoundingClientRect();
    if (before && after && !this.#panZoom.fitted) this.#panZoom.move(before.left - after.left, before.top - after.top);
  }

  /** Tells about a node; with `''` about none. */
  #select(id: string): void {
    const focused = id || this.#selected;
    this.#selected = id;
    this.#draw();
    const node = id ? this.#hierarchy.nodes.get(id) : undefined;
    this.#details.innerHTML = node ? detailsHtml(node, this.#hierarchy) : '';
    this.#details.style.display = node ? '' : 'none';
    if (this.#panZoom.fitted) this.#panZoom.fit();
    this.#find(focused)?.focus({ preventScroll: true });
  }

  /** Opens the scopes around a node and brings it into view. */
  #reveal(id: string): void {
    const node = this.#hierarchy.nodes.get(id);
    for (let scope = node?.parent; scope; scope = scope.parent) this.#expanded.add(scope.id);
    this.#closeExcess();
    this.#select(id);
    const found = this.#find(id);
    if (found && !this.#panZoom.fitted) this.#panZoom.center(found.getBoundingClientRect());
  }

  /** Closes what can't be open with the rest, and says so. */
  #closeExcess(): void {
    const open = openWithin(this.#hierarchy, this.#expanded);
    const excess = [...this.#expanded].filter((id) => this.#isSeen(id, open) && !open.has(id));
    this.#message.textContent =
      excess.length > 0 ? `More than ${MAX_SEEN} nodes would be seen: close other scopes to open this one.` : '';
    for (const id of excess) this.#expanded.delete(id);
    this.#layout = undefined;
  }

  #isSeen(id: string, open: ReadonlySet<string>): boolean {
    const parent = this.#hierarchy.nodes.get(id)?.parent;
    return parent !== undefined && (parent.parent === undefined || open.has(parent.id));
  }

  #closeAll(): void {
    this.#expanded.clear();
    this.#layout = undefined;
    this.#select('');
    this.#panZoom.fit();
  }

  #find(id: string): SVGElement | undefined {
    return [...this.#drawing.querySelectorAll<SVGElement>('[data-id]')].find(({ dataset }) => dataset.id === id);
  }
}

function element(tag: string, style: string): HTMLElement {
  const made = document.createElement(tag);
  made.style.cssText = style;
  return made;
}

function button(label: string, title: string, onClick: () => void): HTMLElement {
  const made = element(
    'button',
    'font:12px system-ui,sans-serif;padding:2px 8px;border:1px solid #c5ccd6;border-radius:4px;background:#fff;color:#3c4653;cursor:pointer',
  );
  made.textContent = label;
  made.title = title;
  made.addEventListener('click', onClick);
  return made;
}
