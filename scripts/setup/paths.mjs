/** Where things are. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The path of a file or folder of the repository. */
export const inRoot = (...parts) => path.join(root, ...parts);

/** What the set-up keeps outside `node_modules`: git-ignored, or a folder that several checkouts share. */
export const cache = path.resolve(process.env.TF_MECHANICS_CACHE || inRoot('.cache'));

/** The package whose native addon a step of the set-up builds. */
export const tfjsNode = inRoot('node_modules', '@tensorflow', 'tfjs-node');
