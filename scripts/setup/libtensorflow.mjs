/** Installs TensorFlow's C library in the user's cache, like `npx tf-mechanics setup`. */
import { lstatSync } from 'node:fs';
import { getLibtensorflow, moveLibtensorflow, whyNeeded } from '../../lib/setup/libtensorflow.mjs';
import { cacheFolder, linkIn, namedFolder } from '../../lib/shared/libraryPlaces.cjs';
import { inRoot } from './paths.mjs';

/** Earlier versions stored it in the repository. */
const former = inRoot('.cache');

export const libtensorflow = {
  name: 'libtensorflow',

  needed({ from } = {}) {
    if (from) return `from ${from}`;
    return isInRepository() ? "it moves into the user's cache" : whyNeeded();
  },

  async run({ from } = {}) {
    if (isInRepository()) await moveLibtensorflow(former);
    if (from || whyNeeded()) await getLibtensorflow({ from, command: 'npm run setup --' });
  },
};

const isInRepository = () =>
  !namedFolder() &&
  cacheFolder() !== former &&
  !!lstatSync(linkIn(former), { throwIfNoEntry: false })?.isSymbolicLink();
