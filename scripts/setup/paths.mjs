/** Paths in the repository. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The path of a file or folder in the repository. */
export const inRoot = (...parts) => path.join(root, ...parts);

/** The file for the whole output of a failed step. */
export const log = (name) => inRoot('.cache', name);

/** The package whose native addon the set-up builds. */
export const tfjsNode = inRoot('node_modules', '@tensorflow', 'tfjs-node');
