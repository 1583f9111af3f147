/**
 * `tf-mechanics doctor`: reports what is installed of everything the library can use, and how to get what is missing.
 */
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { importSetup } from '../../shared/imports.cjs';
import { cacheFolder, linkIn, locate, namedFolder } from '../../shared/libraryPlaces.cjs';
import { findProgram, findTensorBoard } from '../notebook/tensorboard/command';
import { installCommand, installedVersion, optionalPackages } from '../runtime/optionalPackages';
import { ownVersion } from '../runtime/version';
import { kernelPlaces } from './kernel';

/** The result of a check. */
interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'missing' | 'wrong';
  /** The place and version, or what is wrong and what to do. */
  readonly says: string;
  /** Whether sessions require it. */
  readonly needed: boolean;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('report what is installed, and how to get what is missing')
    .option('--json', 'as an array in JSON')
    .allowExcessArguments(false)
    .action(doctor);
}

async function doctor({ json }: { json?: boolean }): Promise<void> {
  const findings = await examine();
  console.log(json ? JSON.stringify(findings, null, 2) : table(findings));
  if (findings.some(({ needed, state }) => needed && state !== 'ok')) process.exitCode = 1;
}

function table(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length));
  return findings.map(({ what, state, says }) => `${state.padEnd(7)}  ${what.padEnd(width)}  ${says}`).join('\n');
}

async function examine(): Promise<Finding[]> {
  return [
    ok('tf-mechanics', `${ownVersion()}, in ${path.join(__dirname, '..', '..')}`),
    node(),
    await platform(),
    await library(),
    cache(),
    ...(await Promise.all(Object.entries(optionalPackages()).map(optionalPackage))),
    await python(),
    program('jupyter', 'Jupyter', 'notebooks: pip install jupyterlab', findProgram('jupyter')),
    program('tensorboard', 'TensorBoard', 'tf-mechanics tensorboard: pip install tensorboard', findTensorBoard()),
    ...(await kernels()),
  ];
}

const ok = (what: string, says: string, needed = false): Finding => ({ what, state: 'ok', says, needed });
const missing = (what: string, says: string, needed = false): Finding => ({ what, state: 'missing', says, needed });
const wrong = (what: string, says: string, needed = false): Finding => ({ what, state: 'wrong', says, needed });

function node(): Finding {
  const [major] = process.versions.node.split('.');
  const says = `${process.version}, ${process.execPath}`;
  return Number(major) < 20 ? wrong('Node.js', `${says}: 20 or later is needed`, true) : ok('Node.js', says, true);
}

async function platform(): Promise<Finding> {
  const says = `${process.platform} ${process.arch}`;
  const wheel = (await importSetup()).wheelFor();
  if (wheel) return ok('platform', wheel.tested ? says : `${says}, which nobody has tested`);
  return wrong('platform', `${says}: nothing can be downloaded for it, but --from a libtensorflow of your own works`);
}

/** Descriptions of libtensorflow's possible origins. */
const sources: Readonly<Record<string, string>> = {
  TF_MECHANICS_LIBTENSORFLOW: 'which TF_MECHANICS_LIBTENSORFLOW names',
  cache: 'in the cache',
  'tfjs-node': 'of @tensorflow/tfjs-node',
  Python: 'of a Python that is here',
};

async function library(): Promise<Finding> {
  const what = 'libtensorflow';
  const found = locate();
  if (!found) return missing(what, whyMissing(), true);
  try {
    const version = await (await importSetup()).checkLibrary(found.folder);
    const real = realpathSync(found.folder);
    const elsewhere = real.startsWith(path.dirname(found.folder)) ? '' : ` (a link to ${real})`;
    return ok(what, `${version}, ${found.folder}${elsewhere}, ${sources[found.place]}; it runs`, true);
  } catch (error) {
    return wrong(what, `${(error as Error).message}. Another one: npx tf-mechanics setup --force`, true);
  }
}

function whyMissing(): string {
  const named = namedFolder();
  if (named !== undefined) return `TF_MECHANICS_LIBTENSORFLOW names ${named}, which holds none`;
  return 'not in the cache, not in @tensorflow/tfjs-node, not in a Python that is here: npx tf-mechanics setup';
}

function cache(): Finding {
  const folder = cacheFolder();
  if (folder === undefined)
    return wrong('cache', 'there is no home folder: set HOME, or TF_MECHANICS_CACHE to a folder');
  const link = linkIn(folder);
  const leadsNowhere = !existsSync(link) && lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink();
  if (leadsNowhere)
    return wrong('cache', `${link} leads to ${readlinkSync(link)}, which is gone: npx tf-mechanics setup`);
  try {
    const parent = nearest(folder);
    accessSync(parent, constants.W_OK);
    if (!statSync(parent).isDirectory()) throw new Error('a file is in its place');
    return existsSync(folder) ? ok('cache', folder) : missing('cache', `${folder} is made by: npx tf-mechanics setup`);
  } catch {
    return wrong('cache', `nothing can be written to ${folder}: set TF_MECHANICS_CACHE to another folder`);
  }
}

/** A folder, or its nearest existing parent. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(path.dirname(folder));
}

/** The purpose of each package. */
export const purposes: Readonly<Record<string, string>> = {
  '@expo-google-fonts/open-sans': 'stills of figures',
  '@napi-rs/canvas': 'stills of figures, pictures as input',
  '@tensorflow/tfjs-core': 'types of tensors of TensorFlow.js',
  '@tensorflow/tfjs-node': 'tensors for TensorFlow.js',
  jsdom: 'stills of figures',
  'plotly.js-dist': 'stills and HTML files of figures, live figures in notebooks',
};

async function optionalPackage([name, wanted]: [string, string]): Promise<Finding> {
  const version = installedVersion(name);
  if (version === undefined) return missing(name, `for ${purposes[name]}: ${installCommand(name)}`);
  if (!fits(version, wanted)) return wrong(name, `${version}, where ${wanted} is wanted: ${installCommand(name)}`);
  const problem = name === '@tensorflow/tfjs-node' ? await problemOfTfjs() : undefined;
  return problem === undefined ? ok(name, `${version}, for ${purposes[name]}`) : wrong(name, problem);
}

/** Whether a version is the wanted one or, if that begins with `^`, a compatible later one. */
export function fits(version: string, wanted: string): boolean {
  if (!wanted.startsWith('^')) return version === wanted;
  const [have = [], want = []] = [version, wanted.slice(1)].map((text) => text.split('.').map(Number.parseFloat));
  const first = want.findIndex((part) => part > 0);
  const different = want.findIndex((part, i) => part !== have[i]);
  return different < 0 || (different > first && have[different]! > want[different]!);
}

/** The reason why tfjs-node's addon doesn't work, if there is one; tested in a child process, which it may crash. */
async function problemOfTfjs(): Promise<string | undefined> {
  const library = path.join(__dirname, '..', 'index.js');
  const program = `try { require(${JSON.stringify(library)}).tf.hostArray([1]).toTensor(); }
    catch (error) { console.log(error.message); process.exitCode = 1; }`;
  try {
    await promisify(execFile)(process.execPath, ['-e', program]);
    return undefined;
  } catch (error) {
    const { stdout, message } = error as Error & { stdout: string };
    return stdout.trim() || message.split('\n')[0];
  }
}

async function python(): Promise<Finding> {
  const what = 'python3 with pip';
  try {
    const { stdout } = await promisify(execFile)('python3', ['-m', 'pip', '--version'], { timeout: 30_000 });
    return ok(what, stdout.trim());
  } catch {
    return missing(what, 'for the download of libtensorflow, for Jupyter and TensorBoard');
  }
}

function program(name: string, what: string, use: string, file: string | undefined): Finding {
  return file === undefined ? missing(what, `no ${name} in a .venv or on the PATH, for ${use}`) : ok(what, file);
}

async function kernels(): Promise<Finding[]> {
  const { findKernel, installedNames, installedSpec, missingOf, specFolder } = await importSetup();
  const places = await kernelPlaces().catch(() => []); // there may be no home folder
  const installed = places.flatMap(({ data, whose }) =>
    installedNames(data).map((name) => {
      const gone = missingOf(installedSpec(data, name)!);
      const says = `${name} ${whose}, ${specFolder(data, name)}`;
      if (gone === undefined) return ok('kernel in Jupyter', says);
      return wrong('kernel in Jupyter', `${says}: ${gone} is gone; npx tf-mechanics kernel install, for the same`);
    }),
  );
  if (installed.length === 0)
    installed.push(missing('kernel in Jupyter', 'for notebooks: npx tf-mechanics kernel install'));
  try {
    return [ok('tf-mechanics-kernel', findKernel()), ...installed];
  } catch (error) {
    return [missing('tf-mechanics-kernel', (error as Error).message), ...installed];
  }
}
