/** Registers the kernel in the project's own environment only. */
import { existsSync } from 'node:fs';
import { environmentData, installSpec, isCurrent, specFolder } from '../../lib/setup/kernelSpec.mjs';
import { inRoot } from './paths.mjs';

const data = environmentData(inRoot('.venv'));
const parts = { kernel: inRoot('kernel'), plotly: inRoot('lib', 'dist', 'notebook', 'plotly.min.js') };

export const kernelSpec = {
  name: 'kernel spec',

  needed() {
    if (!existsSync(specFolder(data))) return 'not registered in .venv yet';
    if (!isCurrent(data, parts)) return 'it has changed';
  },

  async run() {
    await installSpec(data, parts);
  },
};
