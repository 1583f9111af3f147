/**
 * The project's Jupyter: the programs of its virtual environment, with folders of their own. What the user has set up for
 * another Jupyter (a password, a port, extensions, kernels) can't break this one, and nothing of the user's is written
 * to; the price is that settings such as a dark theme are made once more here, and stay in `.cache/jupyter`.
 */
import path from 'node:path';
import { inRoot } from './paths.mjs';

const own = inRoot('.cache', 'jupyter');

/** A program of the virtual environment. */
export const program = (name) => inRoot('.venv', 'bin', name);

/** Changes to the environment variables for Jupyter's programs; what is set for another Jupyter is unset. */
export function jupyterEnvironment(env = process.env) {
  const others = Object.keys(env).filter((name) => /^(JUPYTER|JPY)/.test(name));
  return {
    ...Object.fromEntries(others.map((name) => [name, undefined])),
    JUPYTER_DATA_DIR: path.join(own, 'data'), // signatures of trusted notebooks, running servers
    JUPYTER_CONFIG_DIR: path.join(own, 'config'), // settings and the layout of the page
    IPYTHONDIR: path.join(own, 'ipython'), // which Jupyter makes, though nothing here is Python's
    npm_config_update_notifier: 'false', // what a cell prints isn't news about npm
  };
}
