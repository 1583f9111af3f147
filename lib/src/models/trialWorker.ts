/** What the worker processes of a search load where no module of trials is named: trials of every model in the registry. */
import './registry';

export { runTrial } from './trial';
