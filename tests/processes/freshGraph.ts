/** Each file of tests begins with no default graph, whatever the one before it in its process has built. */
import { resetDefaultGraph } from '../../lib/src/tf/graph/graph';

resetDefaultGraph();
