/**
 * The two servers of `npm start`: how they are started and their addresses. Both only accept connections from this
 * machine.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { defaultName } from '../../lib/setup/kernelSpec.mjs';
import { jupyterEnvironment, program } from '../setup/jupyter.mjs';
import { inRoot } from '../setup/paths.mjs';

const host = '127.0.0.1';
const firstNotebook = '01-mechanics-101.ipynb';

/**
 * JupyterLab with the notebooks, the first of which is open; `options` are additional options, which override ours.
 *
 * @param language the notebook's language, if not English
 */
export function jupyterLab(port, options = [], language = '') {
  const address = `http://${host}:${port}`;
  const token = randomBytes(24).toString('hex');
  const first = [`${language}/${firstNotebook}`, firstNotebook].find((file) => existsSync(inRoot('notebooks', file)));
  const page = first ? path.posix.join('lab/tree', first) : 'lab';
  const ours = [
    '--no-browser', // opened by us once everything answers
    `--ServerApp.ip=${host}`,
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=0',
    `--ServerApp.root_dir=${inRoot('notebooks')}`,
    '--allow-root', // it only accepts this machine and token; in containers everyone is root
    // As installed: only the environment's extensions, no search for others on the network, no offer to rebuild.
    `--LabApp.labextensions_path=${inRoot('.venv', 'share', 'jupyter', 'labextensions')}`,
    '--LabApp.extension_manager=readonly',
    `--LabApp.app_settings_dir=${inRoot('scripts', 'start', 'lab-settings')}`, // default settings: no prompts about news or builds, and a longer timeout for completions on slow machines
    `--KernelSpecManager.allowed_kernelspecs=${defaultName}`, // hides the Python kernel that comes with JupyterLab
    `--MultiKernelManager.default_kernel_name=${defaultName}`,
    '--ZMQChannelsWebsocketConnection.limit_rate=False', // the rate limit would drop output of cells
    '--KernelManager.shutdown_wait_time=1', // seconds for kernels to end with the server
  ];
  const nameOf = (option) => option.split('=')[0];
  const names = options.map(nameOf); // Jupyter rejects repeated options
  return {
    name: 'JupyterLab',
    command: program('jupyter-lab'),
    args: [...ours.filter((option) => !names.includes(nameOf(option))), ...options],
    // In the environment, since other users can read a program's arguments.
    env: { ...jupyterEnvironment(), JUPYTER_TOKEN: token },
    log: inRoot('.cache', 'logs', `jupyterlab-${port}.log`),
    probe: `${address}/api/status?token=${token}`, // with the token, which identifies this server
    address: `${address}/${page}?token=${token}`,
  };
}

/** TensorBoard with the summaries. */
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
