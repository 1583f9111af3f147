/**
 * The error text for something that belongs to another graph: which lines created the two graphs, and what to do about
 * it in a notebook.
 */
import { notebookHost } from '../../runtime/notebookHost';
import type { CallSite } from './callSite';
import type { Graph } from './graph';

/** The cell of a location such as `In[3]:1:20`. */
const cellOf = (place = '') => /^In\[\d+\]/.exec(place)?.[0];

/**
 * Describes something that belongs to one graph and was used with another.
 *
 * @param what the beginning of the message: `Tensor 'x:0' belongs to another graph`
 * @param other the graph that it belongs to
 * @param graph the graph with which it was used
 * @param site where it was built, if known
 */
export function foreign(what: string, other: Graph, graph: Graph, site?: CallSite): string {
  const built = site?.location;
  const [its, own] = [other.site.location, graph.site.location];
  const places = [
    built && `it was built at ${built}`,
    its && its !== own && `its graph was made at ${its}`,
    own && its !== own && `the graph here at ${own}`,
  ].filter(Boolean);
  const text = places.length > 0 ? `${what}: ${places.join(', ')}` : what;
  return notebookHost() ? `${text}. ${advice(other, graph, cellOf(built ?? its))}` : text;
}

/**
 * In a notebook, one of the two graphs is usually a leftover from before a cell was run again, or from before a cell
 * that failed.
 */
function advice(other: Graph, graph: Graph, builder: string | undefined): string {
  const newer = cellOf((other.serial > graph.serial ? other : graph).site.location);
  const since = newer ? `the newer graph of ${newer}` : 'the newer graph';
  if (other.serial > graph.serial)
    return `What uses it here (a session, a saver) is left from before ${since}: run the cell again that makes that, and all below it`;
  if (builder === undefined || builder === newer)
    return `It is left from before ${since}: run all cells again that build the graph, from the one that makes it on`;
  return `It is left from before ${since}: run ${builder} again, which builds it, and all cells below that`;
}
