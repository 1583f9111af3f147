/**
 * The kernel spec: the folder by which Jupyter finds the kernel, and out of which its server serves what outputs load
 * (`/kernelspecs/<name>/plotly.min.js`). It is only files, so no Python is needed to install it.
 */
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { remove, sweep, withTemporaryFolder } from './atomic.mjs';
import { inRoot } from './paths.mjs';

export const defaultName = 'tf-mechanics';

/** The virtual environment's folder of Jupyter's files; so are `<prefix>/share/jupyter` of other installations. */
export const environmentData = inRoot('.venv', 'share', 'jupyter');

/** The set-up registers the kernel for the project's own environment only. */
export const kernelSpec = {
  name: 'kernel spec',

  needed() {
    if (!existsSync(specFolder(environmentData))) return 'not registered in .venv yet';
    if (!isCurrent(environmentData)) return 'it has changed';
  },

  async run() {
    await installSpec(environmentData);
  },
};

const main = inRoot('kernel', 'dist', 'main.js');

/** What lies beside kernel.json, by name: copies, since Jupyter's server follows no links out of the folder. */
const resources = {
  'logo-32x32.png': inRoot('kernel', 'spec', 'logo-32x32.png'),
  'logo-64x64.png': inRoot('kernel', 'spec', 'logo-64x64.png'),
  'logo-svg.svg': inRoot('kernel', 'spec', 'logo-svg.svg'),
  'plotly.min.js': inRoot('lib', 'dist', 'notebook', 'plotly.min.js'),
  'page.js': inRoot('lib', 'dist', 'notebook', 'page.js'),
};

/** What Jupyter reads about the kernel. */
function description(name) {
  return {
    argv: [process.execPath, main, '{connection_file}'],
    display_name: name === defaultName ? 'TypeScript (tf-mechanics)' : `TypeScript (${name})`,
    language: 'typescript',
    interrupt_mode: 'message',
    env: { TF_MECHANICS_KERNEL_NAME: name },
    metadata: { debugger: false },
  };
}

const descriptionText = (name) => `${JSON.stringify(description(name), null, 2)}\n`;

/** The folder of Jupyter's files of the user: where Jupyter itself looks for it. */
export function userData({ env = process.env, platform = process.platform, home = homedir() } = {}) {
  if (env.JUPYTER_DATA_DIR) return path.resolve(env.JUPYTER_DATA_DIR);
  if (platform === 'darwin') return path.join(home, 'Library', 'Jupyter');
  return path.join(env.XDG_DATA_HOME || path.join(home, '.local', 'share'), 'jupyter');
}

/** The folder of the kernel in a folder of Jupyter's files. */
export function specFolder(data, name = defaultName) {
  return path.join(data, 'kernels', name);
}

/** Installs the kernel for those who use the folder `data`, over the one that may be there; gives the spec's folder. */
export async function installSpec(data, name = defaultName) {
  const folder = specFolder(data, name);
  sweep(path.dirname(folder));
  await withTemporaryFolder(folder, (made) => {
    writeFileSync(path.join(made, 'kernel.json'), descriptionText(name));
    for (const [resource, source] of Object.entries(resources)) copyFileSync(source, path.join(made, resource));
    remove(folder);
    renameSync(made, folder);
  });
  return folder;
}

/** Uninstalls the kernel; false where there is none. Kernels of others with this name stay. */
export function uninstallSpec(data, name = defaultName) {
  if (!installedSpec(data, name)) return false;
  remove(specFolder(data, name));
  return true;
}

/** What kernel.json says, where the kernel is this project's, of this checkout or another. */
export function installedSpec(data, name = defaultName) {
  try {
    const spec = JSON.parse(readFileSync(path.join(specFolder(data, name), 'kernel.json'), 'utf8'));
    return spec.env?.TF_MECHANICS_KERNEL_NAME === name ? spec : undefined;
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether what is installed is what `installSpec` would install now. */
export function isCurrent(data, name = defaultName) {
  const folder = specFolder(data, name);
  const read = (file) => (existsSync(file) ? readFileSync(file) : Buffer.alloc(0));
  return (
    read(path.join(folder, 'kernel.json')).equals(Buffer.from(descriptionText(name))) &&
    Object.entries(resources).every(([resource, source]) => read(path.join(folder, resource)).equals(read(source)))
  );
}
