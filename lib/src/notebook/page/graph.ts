/** The interactive graph of an output: scopes open and close, nodes show details, the view moves. */
import { detailsHtml } from '../graph/details';
import type { Drawing } from '../graph/drawing';
import { seenAs } from '../graph/edges';
import { fittingDirection } from '../graph/fitting';
import type { Direction, GraphData, OperationData } from '../graph/graphData';
import { type GraphNode, type Hierarchy, hierarchyOf } from '../graph/hierarchy';
import { inWords } from '../graph/inWords';
import { layoutOf } from '../graph/layout';
import { nearestNode } from '../graph/nearest';
import { MAX_SEEN, openWithin } from '../graph/opening';
import { type Lit, pathOf } from '../graph/path';
import { findNodes } from '../graph/search';
import { overviewSvg, svgOf } from '../graph/svg';
import { html } from './elements';
import { Overview } from './graphOverview';
import { PanZoom } from './graphPanZoom';
import { Search } from './graphSearch';
import { style } from './graphStyle';
import { isDark, onThemeChange } from './pageTheme';
import { unzipped } from './unzipped';

/** Draws a graph in `output`, replacing its still picture. */
export async function mountGraph(output: HTMLElement, data: GraphData): Promise<void> {
  const operations: OperationData[] = await unzipped(data.gzip).json();
  new GraphPage(output, data, hierarchyOf(operations, data.colorBy, data.language));
}

/** The initial height of the window in pixels: that of the drawing, within limits. */
const MIN_HEIGHT = 220;
const MAX_HEIGHT = 640;

/** If a search finds more than this, only one result at a time is opened. */
const MAX_FOUND = 24;

class GraphPage {
  readonly #hierarchy: Hierarchy;
  readonly #note: string;
  readonly #direction: Direction;
  readonly #drawing = html('div', { className: 'drawing' });
  readonly #view = html('div', { className: 'view' }, [this.#drawing]);
  readonly #overview = html('div', { className: 'overview' });
  readonly #details = html('div', { className: 'details' });
  readonly #side = html('div', { className: 'side' }, [this.#overview, this.#details]);
  readonly #body = html('div', { className: 'body' }, [this.#view, this.#side]);
  readonly #message = html('div', { className: 'told faint' });
  readonly #panZoom: PanZoom;
  readonly #map: Overview;
  readonly #search: Search;
  #expanded: ReadonlySet<string>;
  /** The open scopes before a search opened others. */
  #kept: ReadonlySet<string> | undefined;
  #found: readonly GraphNode[] = [];
  /** The result of the search. */
  #shown = '';
  #selected = '';
  /** The node that the Tab key focuses. */
  #tabStop: string;
  /** The cached layout of the open scopes. */
  #layout: Drawing | undefined;
  #height = MIN_HEIGHT;

  constructor(output: HTMLElement, data: GraphData, hierarchy: Hierarchy) {
    this.#hierarchy = hierarchy;
    this.#expanded = new Set(data.expanded);
    const { says } = hierarchy;
    this.#note = data.note ?? says.hint;
    this.#tabStop = hierarchy.root.children[0]?.id ?? '';
    this.#map = new Overview(this.#overview, says.overview, (x, y) => this.#panZoom.center(x, y));
    this.#panZoom = new PanZoom(this.#view, this.#drawing, (seen) => this.#map.frame(seen));
    this.#search = new Search(
      (text) => findNodes(hierarchy, text),
      (found, at) => this.#showFound(found, at),
      says,
    );
    const bar = html('div', { className: 'bar' }, [
      this.#search.element,
      button('+', says.zoomIn, () => this.#panZoom.zoom(1.25)),
      button('−', says.zoomOut, () => this.#panZoom.zoom(0.8)),
      button(says.start[0]!, says.start[1]!, () => this.#begin()),
      button(says.closeAll[0]!, says.closeAll[1]!, () => this.#closeAll()),
    ]);
    const frame = html('div', { className: 'tf-mechanics-graph' }, [
      html('style', { textContent: style }),
      bar,
      this.#body,
      this.#message,
    ]);
    this.#view.setAttribute('role', 'group');
    this.#view.setAttribute('aria-label', inWords(hierarchy));
    this.#details.setAttribute('role', 'region');
    this.#details.setAttribute('aria-label', says.about);
    this.#message.setAttribute('role', 'status');
    this.#message.textContent = this.#note;
    output.replaceChildren(frame);
    followTheme(frame);

    const window = { width: this.#view.clientWidth || 800, height: MAX_HEIGHT };
    this.#direction = data.direction ?? fittingDirection(hierarchy, this.#expanded, window);
    this.#select('');
    this.#begin();
    this.#listen(frame);
    new ResizeObserver(() => this.#arrange()).observe(this.#body);
  }

  #listen(frame: HTMLElement): void {
    // JupyterLab would handle keys itself; it checks which element has the focus first.
    frame.addEventListener('focusin', ({ target }) => {
      if (target instanceof Element) target.setAttribute('data-lm-suppress-shortcuts', 'true');
    });
    frame.addEventListener('click', ({ target }) => {
      if (!this.#panZoom.dragged) this.#press(target, true);
    });
    frame.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') {
        if (this.#press(event.target, false)) event.preventDefault();
      } else if (event.key === 'Escape') this.#select('');
      else if (this.#step(event.target, event.key)) event.preventDefault();
      // Jupyter has its own shortcuts for most keys.
      event.stopPropagation();
    });
    this.#drawing.addEventListener('pointerover', ({ target }) => this.#stressEdges(idOf(target)));
    this.#drawing.addEventListener('pointerleave', () => this.#stressEdges());
    this.#drawing.addEventListener('focusin', ({ target }) => {
      const id = idOf(target);
      if (id === undefined) return;
      this.#find(this.#tabStop)?.setAttribute('tabindex', '-1');
      this.#find(id)?.setAttribute('tabindex', '0');
      this.#tabStop = id;
      this.#stressEdges(id);
      // With a pointer, it is already in view, and what is pressed shouldn't move away.
      if ((target as Element).matches(':focus-visible')) this.#bringIntoView(id);
    });
  }

  #draw(): void {
    const isFocused = this.#drawing.contains(document.activeElement);
    const isNew = this.#layout === undefined;
    this.#layout ??= layoutOf(this.#hierarchy, this.#expanded, this.#direction);
    const { nodes } = this.#layout;
    if (!nodes.some(({ node }) => node.id === this.#tabStop)) this.#tabStop = nodes[0]?.node.id ?? '';
    this.#drawing.innerHTML = svgOf(this.#layout, {
      selected: this.#selected || this.#shown,
      tabStop: this.#tabStop,
      lit: this.#lit(),
    });
    this.#panZoom.size = this.#layout;
    if (isNew) this.#map.draw(overviewSvg(this.#layout), this.#layout);
    if (isFocused) this.#find(this.#tabStop)?.focus({ preventScroll: true });
    this.#stressEdges();
    this.#arrange();
  }

  /** What is highlighted: the search results, or else the path of the selected node. */
  #lit(): Lit | undefined {
    if (this.#found.length > 0) {
      const nodes = new Set<string>();
      for (const found of this.#found)
        for (let node: GraphNode | undefined = seenAs(found, this.#expanded); node; node = node.parent)
          nodes.add(node.id);
      return { nodes, edges: new Set() };
    }
    const node = this.#node(this.#selected);
    return node && pathOf(node, this.#hierarchy, this.#expanded);
  }

  /** Distributes the room: the drawing gets what it needs, and an overview if that is more than there is. */
  #arrange(): void {
    const { width, height } = this.#layout!;
    // Unless the reader has changed the height.
    if (this.#body.style.height === '' || this.#body.style.height === `${this.#height}px`) {
      this.#height = Math.max(this.#height, Math.min(height, MAX_HEIGHT));
      this.#body.style.height = `${this.#height}px`;
    }
    this.#details.hidden = this.#selected === '';
    this.#side.hidden = this.#details.hidden;
    this.#overview.hidden = width <= this.#view.clientWidth && height <= this.#body.clientHeight;
    this.#side.hidden = this.#details.hidden && this.#overview.hidden;
    this.#panZoom.apply();
  }

  /** Opens or closes a scope, or shows the details of a node; a press elsewhere hides them. */
  #press(target: EventTarget | null, byPointer: boolean): boolean {
    if (!(target instanceof Element)) return false;
    const link = target.closest<HTMLElement>('[data-show]');
    if (link?.dataset.show) {
      this.#reveal(link.dataset.show);
      return true;
    }
    const id = idOf(target);
    if (id === undefined) {
      if (byPointer && this.#view.contains(target)) this.#select('');
      return false;
    }
    const node = this.#hierarchy.nodes.get(id);
    if (!node) return false;
    this.#endSearch();
    if (node.children.length > 0) this.#toggle(id);
    this.#select(id);
    return true;
  }

  /** The pressed node keeps its position on the screen, whatever moves around it. */
  #toggle(id: string): void {
    const before = this.#find(id)?.getBoundingClientRect();
    const wanted = new Set(this.#expanded);
    if (!wanted.delete(id)) wanted.add(id);
    this.#open(wanted);
    this.#draw();
    const after = this.#find(id)?.getBoundingClientRect();
    if (before && after) this.#panZoom.move(before.left - after.left, before.top - after.top);
  }

  /** Shows the details of a node, and highlights its path; with `''`, hides them. */
  #select(id: string): void {
    this.#selected = id;
    if (id) this.#tabStop = id;
    const node = this.#node(id);
    this.#details.innerHTML = node ? detailsHtml(node, this.#hierarchy) : '';
    this.#draw();
    if (!node) return;
    this.#find(id)?.focus({ preventScroll: true });
    this.#bringIntoView(id);
  }

  /** Opens the scopes around a node and brings it into view. */
  #reveal(id: string): void {
    const node = this.#hierarchy.nodes.get(id);
    if (!node) return;
    this.#endSearch();
    this.#open(new Set([...this.#expanded, ...around(node)]));
    this.#select(seenAs(node, this.#expanded).id);
  }

  /** Opens the results as far as they can be visible, the current one first, and highlights them. */
  #showFound(found: readonly GraphNode[], at: number): void {
    const before = this.#kept ?? this.#expanded;
    const shown = found[at];
    this.#found = found;
    this.#kept = shown && before;
    const all = found.length > MAX_FOUND ? [] : found.flatMap(around);
    if (shown) {
      const wishes = [[...before, ...all, ...around(shown)], [...before, ...around(shown)], around(shown)];
      const open = wishes.map((wish) => openWithin(this.#hierarchy, new Set(wish)));
      this.#expanded = open.find((one) => seenAs(shown, one) === shown) ?? open[0]!;
    } else this.#expanded = before;
    this.#shown = shown ? seenAs(shown, this.#expanded).id : '';
    this.#layout = undefined;
    this.#select('');
    if (shown) this.#bringIntoView(this.#shown);
  }

  /** What a search has opened stays open. */
  #endSearch(): void {
    this.#kept = undefined;
    this.#search.clear();
  }

  /** Opens exactly these scopes; those that don't fit are closed, with a message. */
  #open(wanted: ReadonlySet<string>): void {
    const open = openWithin(this.#hierarchy, wanted);
    const isExcess = [...wanted].some((id) => !open.has(id) && this.#isSeen(id, open));
    this.#message.textContent = isExcess ? this.#hierarchy.says.tooMany(MAX_SEEN) : this.#note;
    this.#expanded = new Set([...wanted].filter((id) => open.has(id) || !this.#isSeen(id, open)));
    this.#layout = undefined;
  }

  #isSeen(id: string, open: ReadonlySet<string>): boolean {
    const parent = this.#hierarchy.nodes.get(id)?.parent;
    return parent !== undefined && (parent.parent === undefined || open.has(parent.id));
  }

  #closeAll(): void {
    this.#endSearch();
    const { children } = this.#hierarchy.root;
    this.#open(new Set(children.filter(({ kind }) => kind === 'device').map(({ id }) => id)));
    this.#select('');
    this.#begin();
  }

  #begin(): void {
    this.#panZoom.begin(this.#direction === 'up');
  }

  /** Moves to the next node in the direction of an arrow key. */
  #step(target: EventTarget | null, key: string): boolean {
    const id = idOf(target);
    const next = id === undefined ? undefined : nearestNode(this.#layout!.nodes, id, key);
    if (next === undefined) return false;
    this.#find(next)?.focus({ preventScroll: true });
    return true;
  }

  /**
   * Emphasizes the edges of the hovered and the selected node, and shows those to other parts of the graph. The edges
   * of an open scope belong to its children.
   */
  #stressEdges(pointedAt = ''): void {
    const ids = [pointedAt, this.#selected].filter(Boolean);
    const isOfThem = (end = '') => {
      const scopes = [end, ...around(this.#hierarchy.nodes.get(end)!)];
      return ids.some((id) => scopes.includes(id));
    };
    for (const edge of this.#drawing.querySelectorAll<SVGElement>('.edge'))
      edge.classList.toggle('on', isOfThem(edge.dataset.from) || isOfThem(edge.dataset.to));
  }

  #bringIntoView(id: string): void {
    const placed = this.#layout!.nodes.find(({ node }) => node.id === id);
    if (placed) this.#panZoom.show(placed);
  }

  /** A node by id; `''` is not a node, although it is the root's id. */
  #node(id: string): GraphNode | undefined {
    return id === '' ? undefined : this.#hierarchy.nodes.get(id);
  }

  #find(id: string): SVGElement | undefined {
    return [...this.#drawing.querySelectorAll<SVGElement>('[data-id]')].find(({ dataset }) => dataset.id === id);
  }
}

/** Keeps a drawing light or dark like the page, as long as it exists. */
function followTheme(frame: HTMLElement): void {
  const reference = new WeakRef(frame);
  const apply = () => {
    const left = reference.deref();
    if (left?.parentElement) left.style.colorScheme = isDark(left.parentElement) ? 'dark' : 'light';
  };
  apply();
  onThemeChange(apply);
}

/** The id of the node to which an element belongs. */
function idOf(target: EventTarget | null): string | undefined {
  return target instanceof Element ? target.closest<SVGElement>('[data-id]')?.dataset.id : undefined;
}

/** The ids of the scopes around a node. */
function around(node: GraphNode): string[] {
  return node.parent?.parent ? [node.parent.id, ...around(node.parent)] : [];
}

function button(label: string, title: string, onclick: () => void): HTMLButtonElement {
  const made = html('button', { type: 'button', title, onclick }, [label]);
  made.setAttribute('aria-label', title);
  return made;
}
