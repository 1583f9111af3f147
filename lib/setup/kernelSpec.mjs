/**
 * The kernel spec: the folder in which Jupyter finds the kernel, and from which its server serves what outputs load
 * (`/kernelspecs/<name>/plotly.min.js`). It consists of files only, so installing it needs no Python.
 */
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { homeFolder } from '../shared/libraryPlaces.cjs';
import { remove, sweep, withTemporaryFolder } from './atomic.mjs';
import { SetupError } from './command.mjs';

export const defaultName = 'tf-mechanics';
const packageName = 'tf-mechanics-kernel';

/**
 * The folder of the kernel's package: the one installed in the project in `folder`, or else the one resolved from here.
 */
export function findKernel(folder = process.cwd()) {
  for (const from of [path.join(folder, 'package.json'), import.meta.url]) {
    try {
      return path.dirname(createRequire(from).resolve(`${packageName}/package.json`));
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new SetupError(`the kernel is a package of its own: npm install --save-dev ${packageName}`);
}

/** The library's script for notebook pages. */
const page = fileURLToPath(new URL('../dist/notebook/page.js', import.meta.url));

/**
 * The files next to kernel.json, by name. They are copies, since Jupyter's server doesn't follow links out of the
 * folder. Without Plotly, figures remain pictures.
 */
function resources({ kernel, plotly }) {
  const logos = ['logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg'];
  return {
    ...Object.fromEntries(logos.map((logo) => [logo, path.join(kernel, 'spec', logo)])),
    'page.js': page,
    ...(plotly && { 'plotly.min.js': plotly }),
  };
}

/** The content of kernel.json for this kernel. */
function description(kernel, name) {
  return {
    argv: [process.execPath, path.join(kernel, 'dist', 'main.js'), '{connection_file}'],
    display_name: name === defaultName ? 'TypeScript (tf-mechanics)' : `TypeScript (${name})`,
    language: 'typescript',
    interrupt_mode: 'message',
    env: { TF_MECHANICS_KERNEL_NAME: name },
    metadata: { debugger: false },
  };
}

const descriptionText = (kernel, name) => `${JSON.stringify(description(kernel, name), null, 2)}\n`;

/** The user's Jupyter data folder, determined like Jupyter does. */
export function userData({ env = process.env, platform = process.platform, home = homeFolder(env) } = {}) {
  if (env.JUPYTER_DATA_DIR) return path.resolve(env.JUPYTER_DATA_DIR);
  if (!home && (platform === 'darwin' || !env.XDG_DATA_HOME))
    throw new SetupError(
      "there is no home folder for Jupyter's files: set HOME, or JUPYTER_DATA_DIR, or name a --prefix",
    );
  if (platform === 'darwin') return path.join(home, 'Library', 'Jupyter');
  return path.join(env.XDG_DATA_HOME || path.join(home, '.local', 'share'), 'jupyter');
}

/** The Jupyter data folder of a Python environment. */
export const environmentData = (environment) => path.join(environment, 'share', 'jupyter');

/** The kernel's folder in a Jupyter data folder. */
export function specFolder(data, name = defaultName) {
  return path.join(data, 'kernels', name);
}

/**
 * Installs the kernel in a Jupyter data folder, replacing an existing one; returns the spec's folder.
 *
 * @param parts the folder of the kernel's package, and Plotly's file if available
 */
export async function installSpec(data, parts, name = defaultName) {
  const folder = specFolder(data, name);
  sweep(path.dirname(folder));
  await withTemporaryFolder(folder, (made) => {
    writeFileSync(path.join(made, 'kernel.json'), descriptionText(parts.kernel, name));
    for (const [resource, source] of Object.entries(resources(parts))) copyFileSync(source, path.join(made, resource));
    remove(folder);
    renameSync(made, folder);
  });
  return folder;
}

/** Uninstalls the kernel; false if there is none. Other projects' kernels with this name are left. */
export function uninstallSpec(data, name = defaultName) {
  if (!installedSpec(data, name)) return false;
  remove(specFolder(data, name));
  return true;
}

/** The content of an installed kernel.json, if it belongs to this project (in any checkout). */
export function installedSpec(data, name = defaultName) {
  try {
    const spec = JSON.parse(readFileSync(path.join(specFolder(data, name), 'kernel.json'), 'utf8'));
    return spec.env?.TF_MECHANICS_KERNEL_NAME === name ? spec : undefined;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(error.code) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The names of this project's kernels in a Jupyter data folder. */
export function installedNames(data) {
  const folder = path.join(data, 'kernels');
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names.filter((name) => installedSpec(data, name));
}

/** The files of an installed kernel that no longer exist: its Node or its program. */
export function missingOf({ argv }) {
  return argv.slice(0, 2).find((file) => !existsSync(file));
}

/** Whether the installed spec equals what `installSpec` would install. */
export function isCurrent(data, parts, name = defaultName) {
  const folder = specFolder(data, name);
  const read = (file) => (existsSync(file) ? readFileSync(file) : Buffer.alloc(0));
  return (
    read(path.join(folder, 'kernel.json')).equals(Buffer.from(descriptionText(parts.kernel, name))) &&
    Object.entries(resources(parts)).every(([resource, source]) =>
      read(path.join(folder, resource)).equals(read(source)),
    )
  );
}
