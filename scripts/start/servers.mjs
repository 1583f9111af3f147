/** The two servers of `npm start`: how they are started and where they answer. Both are for this machine only. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { defaultName } from '../../lib/setup/kernelSpec.mjs';
import { jupyterEnvironment, program } from '../setup/jupyter.mjs';
import { inRoot } from '../setup/paths.mjs';

const host = '127.0.0.1';
const firstNotebook = '01-mechanics-101.ipynb';

/**
 * JupyterLab on the notebooks, with the first one open; `options` are more of its own, which take the place of ours.
 *
 * @param language of the notebook, where it isn't English
 */
export function jupyterLab(port, options = [], language = '') {
  const address = `http://${host}:${port}`;
  const token = randomBytes(24).toString('hex');
  const first = [`${language}/${firstNotebook}`, firstNotebook].find((file) => existsSync(inRoot('notebooks', file)));
  const page = first ? path.posix.join('lab/tree', first) : 'lab';
  const ours = [
    '--no-browser', // opened by us, when everything answers
    `--ServerApp.ip=${host}`,
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=0',
    `--ServerApp.root_dir=${inRoot('notebooks')}`,
    '--allow-root', // it answers to this machine and token only; in containers everybody is root
    // As installed: no extensions but those of the environment, none looked for on the network, no offer to rebuild.
    `--LabApp.labextensions_path=${inRoot('.venv', 'share', 'jupyter', 'labextensions')}`,
    '--LabApp.extension_manager=readonly',
    `--LabApp.app_settings_dir=${inRoot('scripts', 'start', 'lab-settings')}`, // defaults: no question about news or what is to be built, and completions that come late on a slow machine come
    `--KernelSpecManager.allowed_kernelspecs=${defaultName}`, // not Python's, which comes with JupyterLab
    `--MultiKernelManager.default_kernel_name=${defaultName}`,
    '--ZMQChannelsWebsocketConnection.limit_rate=False', // which would drop what a cell prints too fast
    '--KernelManager.shutdown_wait_time=1', // seconds for kernels to end when the server does
  ];
  const nameOf = (option) => option.split('=')[0];
  const names = options.map(nameOf); // Jupyter takes no option twice
  return {
    name: 'JupyterLab',
    command: program('jupyter-lab'),
    args: [...ours.filter((option) => !names.includes(nameOf(option))), ...options],
    // By the environment, since others may read a program's arguments.
    env: { ...jupyterEnvironment(), JUPYTER_TOKEN: token },
    log: inRoot('.cache', 'logs', `jupyterlab-${port}.log`),
    probe: `${address}/api/status?token=${token}`, // by which it is this server and no other
    address: `${address}/${page}?token=${token}`,
  };
}

/** TensorBoard on the summaries. */
export function tensorBoard(port) {
  const address = `http://${host}:${port}/`;
  return {
    name: 'TensorBoard',
    command: program('tensorboard'),
    args: ['--logdir', inRoot('summaries'), '--host', host, '--port', String(port)],
    env: {},
    log: inRoot('.cache', 'logs', `tensorboard-${port}.log`),
    probe: address,
    address,
  };
}
