/** Where things are. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The path of a file or folder of the repository. */
export const inRoot = (...parts) => path.join(root, ...parts);

/** Where the whole output of a step goes that failed. */
export const log = (name) => inRoot('.cache', name);

/** The package whose native addon a step of the set-up builds. */
export const tfjsNode = inRoot('node_modules', '@tensorflow', 'tfjs-node');
