/**
 * The project's Jupyter: the programs of its virtual environment, with configuration and data folders of their own. The
 * user's own Jupyter settings (a password, a port, extensions, kernels) can't break it, and it writes nothing to them.
 * In exchange, settings such as a dark theme have to be made again here; they are kept in `.cache/jupyter`.
 */
import path from 'node:path';
import { inRoot } from './paths.mjs';

const own = inRoot('.cache', 'jupyter');

/** A program of the virtual environment. */
export const program = (name) => inRoot('.venv', 'bin', name);

/** Changes to the environment variables for Jupyter's programs; variables for other Jupyter installations are unset. */
export function jupyterEnvironment(env = process.env) {
  const others = Object.keys(env).filter((name) => /^(JUPYTER|JPY)/.test(name));
  return {
    ...Object.fromEntries(others.map((name) => [name, undefined])),
    JUPYTER_DATA_DIR: path.join(own, 'data'), // signatures of trusted notebooks, running servers
    JUPYTER_CONFIG_DIR: path.join(own, 'config'), // settings and the page layout
    IPYTHONDIR: path.join(own, 'ipython'), // created by Jupyter even though no Python kernel is used
    npm_config_update_notifier: 'false', // no news about npm in cell outputs
  };
}
