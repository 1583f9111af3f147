/** Lookup tables. A graph can have them only through an import. */
import { onlyOptions } from '../../runtime/options';
import { GraphKeys } from '../graph/collections';
import { getDefaultGraph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import type { OpOptions } from './apply';
import { group } from './control';

/**
 * An operation that fills every table of the default graph: those whose initializers are in the collection
 * `GraphKeys.TABLE_INITIALIZERS`. If there are none, it does nothing.
 *
 * @example
 * await session.run(tf.tablesInitializer());
 */
export function tablesInitializer(options: OpOptions = {}): Operation {
  const { name = 'init_all_tables' } = onlyOptions(options, { name: 'string' });
  return group(getDefaultGraph().getCollection(GraphKeys.TABLE_INITIALIZERS), { name });
}
