/** Draws graphs in notebooks. */

import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { checkInstance, shown } from '../../runtime/arguments';
import { InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { type Displayable, jupyterDisplay, type MimeBundle } from '../../runtime/notebookHost';
import { onlyOptions } from '../../runtime/options';
import { Graph, getDefaultGraph } from '../../tf/graph/graph';
import { liveHtml } from '../figure/html';
import { notebookLanguage } from '../language';
import { describeOperation } from './describe';
import type { Drawing } from './drawing';
import { fittingDirection } from './fitting';
import type { ColorBy, Direction, OperationData } from './graphData';
import { type GraphNode, type Hierarchy, hierarchyOf } from './hierarchy';
import { inWords } from './inWords';
import { layoutOf } from './layout';
import { openWithin } from './opening';
import { svgOf } from './svg';
import { treeText } from './treeText';
import { graphWords } from './words';

/** Options of drawing a graph. */
export interface GraphViewOptions {
  /**
   * The number of levels of scopes that are open initially.
   *
   * @defaultValue `0`: none
   */
  depth?: number;
  /** The names of scopes that are open initially, such as `'hidden1'`; enclosing scopes are opened too. */
  expand?: readonly string[];
  /** Draws only the operations of this scope. */
  scope?: string;
  /**
   * The direction of data flow in the drawing.
   *
   * @defaultValue `'down'` or `'right'`, whichever shows more at once
   */
  direction?: Direction;
  /**
   * The meaning of colours: the kind of a node, or its requested device. Each device is then a box that contains the
   * scopes of its operations, and edges between boxes are transfers between devices.
   *
   * @defaultValue `'structure'`
   */
  colorBy?: ColorBy;
}

/** The maximum number of operations, so that outputs are neither slow nor large. */
const MAX_OPERATIONS = 5000;

/** The assumed room for a still picture, in pixels. */
const STILL = { width: 800, height: 640 };

/** A still picture can't be zoomed, so fewer scopes are open if more nodes than this would be visible. */
const MAX_SEEN_IN_STILL = 80;

/**
 * The drawing of a graph in a notebook.
 *
 * @example
 * const view = graphView(graph);
 * view.toString(); // the tree as text
 */
export class GraphView implements Displayable {
  readonly #operations: readonly OperationData[];
  readonly #hierarchy: Hierarchy;
  readonly #expanded: ReadonlySet<string>;
  readonly #direction: Direction | undefined;
  readonly #colorBy: ColorBy;
  readonly #note: string | undefined;
  readonly #language = notebookLanguage();

  constructor(graph: Graph, options: GraphViewOptions) {
    const {
      depth = 0,
      expand = [],
      scope,
      direction,
      colorBy = 'structure',
    } = onlyOptions(options, {
      depth: 'number',
      expand: 'array',
      scope: 'string',
      direction: 'any',
      colorBy: 'any',
    });
    checkInstance('what is drawn', graph, Graph);
    if (!Number.isInteger(depth) || depth < 0)
      throw new InvalidArgumentError(`depth is a number of levels, 0 or more, got ${shown(depth)}`);
    if (direction !== undefined && !['down', 'up', 'right'].includes(direction))
      throw new InvalidArgumentError(`direction is 'down', 'up' or 'right', got ${shown(direction)}`);
    if (!['structure', 'device'].includes(colorBy))
      throw new InvalidArgumentError(`colorBy is 'structure' or 'device', got ${shown(colorBy)}`);
    const prefix = scope === undefined ? '' : `${scope.replace(/\/$/, '')}/`;
    const chosen = graph.operations.filter(({ name }) => name.startsWith(prefix) || `${name}/` === prefix);
    if (chosen.length === 0 && scope !== undefined) throw new NotFoundError(`the graph has no scope '${scope}'`);
    const says = graphWords[this.#language];
    if (chosen.length > MAX_OPERATIONS)
      this.#note = says.note(says.operations(MAX_OPERATIONS), chosen.length.toLocaleString('en'));
    this.#operations = chosen.slice(0, MAX_OPERATIONS).map(describeOperation);
    this.#hierarchy = hierarchyOf(this.#operations, colorBy, this.#language);
    const wanted = wantedOpen(this.#hierarchy, depth, scope === undefined ? expand : [...expand, scope]);
    this.#expanded = openWithin(this.#hierarchy, wanted);
    this.#direction = direction;
    this.#colorBy = colorBy;
  }

  /** The drawing as SVG, in its initial state. */
  toSvg(): string {
    return svgOf(this.#layout(this.#expanded));
  }

  /** The tree of scopes and their sizes, without the operations. */
  toString(): string {
    return [treeText(this.#hierarchy.root, this.#expanded), this.#note].filter(Boolean).join('\n');
  }

  [inspect.custom](): string {
    return this.toString();
  }

  [jupyterDisplay](): MimeBundle {
    const data = {
      gzip: gzipSync(JSON.stringify(this.#operations), { level: 9 }).toString('base64'),
      expanded: [...this.#expanded],
      direction: this.#direction,
      colorBy: this.#colorBy,
      note: this.#note,
      ...(this.#language !== 'en' && { language: this.#language }),
    };
    // The id is the same in every run, so that committed outputs change only with their content.
    const id = createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 12);
    const still = this.#layout(openWithin(this.#hierarchy, this.#expanded, MAX_SEEN_IN_STILL));
    return {
      'text/plain': this.toString(),
      'text/html': liveHtml('graph', `graph-${id}`, data, {
        svg: svgOf(still),
        width: still.width,
        height: still.height,
        alt: inWords(this.#hierarchy),
        scrolls: true,
      }),
    };
  }

  #layout(expanded: ReadonlySet<string>): Drawing {
    const direction = this.#direction ?? fittingDirection(this.#hierarchy, expanded, STILL);
    return layoutOf(this.#hierarchy, expanded, direction);
  }
}

/**
 * Draws a graph with its name scopes, like TensorBoard. Scopes are boxes that open and close, a variable with all of
 * its operations is a single node, and operations that save, initialize or summarize are set aside. In crowded scopes,
 * layers (`hidden1_weights`, `hidden1_act`) and repeated structures are folded too.
 *
 * In a notebook, click a node or press Enter to open it, to read its details, and to highlight what it depends on and
 * what depends on it; edges from the model to its training appear on hover. A field searches operations by name or
 * type. Drag to move, use Ctrl and the wheel to zoom, and arrow keys to move between nodes. A graph larger than its
 * window has an overview map.
 *
 * @param graph by default, the default graph
 * @returns a drawing for a cell's last expression; a program prints it as a tree
 * @throws {NotFoundError} when the graph has no scope of a given name
 *
 * @example
 * const hidden1 = tf.nameScope('hidden1', () => tf.nn.relu(tf.matmul(images, weights)));
 * graphView(graph, { expand: ['hidden1'] });
 */
export function graphView(graph: Graph = getDefaultGraph(), options: GraphViewOptions = {}): GraphView {
  return new GraphView(graph, options);
}

/** The ids of the scopes that the options open. */
function wantedOpen({ root, nodes }: Hierarchy, depth: number, expand: readonly string[]): Set<string> {
  const expanded = new Set<string>();
  const open = (node: GraphNode, levels: number) => {
    if (levels === 0) return;
    for (const child of node.children.filter(({ children }) => children.length > 0)) {
      expanded.add(child.id);
      open(child, levels - 1);
    }
  };
  // The boxes of devices are always open.
  open(root, root.children[0]?.kind === 'device' ? depth + 1 : depth);
  for (const name of expand) {
    const path = name.replace(/\/$/, '');
    const found = [...nodes.values()].filter((node) => node.children.length > 0 && node.name === path);
    // A scope whose operations are all drawn as one node can't be opened, but it exists.
    if (
      found.length === 0 &&
      !root.operations.some((other) => other.name.startsWith(`${path}/`) || other.name === path)
    )
      throw new NotFoundError(`the graph has no scope '${name}'; at its top it has ${topScopes(root)}`);
    for (const one of found)
      for (let scope: GraphNode | undefined = one; scope?.parent; scope = scope.parent) expanded.add(scope.id);
  }
  return expanded;
}

function topScopes({ children }: GraphNode): string {
  const inBoxes = children.flatMap((child) => (child.kind === 'device' ? child.children : [child]));
  const names = new Set(inBoxes.filter((child) => child.children.length > 0).map(({ label }) => `'${label}'`));
  return names.size > 0 ? [...names].join(', ') : 'none';
}
