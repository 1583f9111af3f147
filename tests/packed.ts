/** A folder of someone else's, with the packed library in it and what that brings along: nothing of the repository. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { madeOnce } from './processes/madeOnce';

export const root = path.join(__dirname, '..');
export const lib = path.join(root, 'lib');
export const json = (...parts: string[]) => JSON.parse(readFileSync(path.join(...parts), 'utf8'));
export const manifest = json(lib, 'package.json');
export const installed = (name: string) => path.join(root, 'node_modules', name);

/** What npm installs with the library: its dependencies, theirs, and so on, but none of another machine. */
export const brought = broughtBy(manifest);

function broughtBy({ dependencies = {}, optionalDependencies = {} }, found = new Set<string>()): Set<string> {
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies }))
    if (!found.has(name) && existsSync(installed(name)))
      broughtBy(json(installed(name), 'package.json'), found.add(name));
  return found;
}

/** What there is while the tests of a file run. */
export interface Packed {
  /** The project's folder, and the library's in it. */
  readonly project: string;
  readonly folder: string;
  readonly tarball: string;
  readonly size: number;
  /** What the tarball has. */
  readonly files: readonly string[];
  /** Gives the project another package of the repository's, which it may have. */
  link(name: string): void;
}

/** Packs the library for the tests of a file, and clears away after them. */
export function packed(): Packed {
  const project = mkdtempSync(path.join(realpathSync(tmpdir()), 'package-'));
  const folder = path.join(project, 'node_modules', 'tf-mechanics');
  const contents = { size: 0, files: [] as string[] };
  const link = (name: string) => {
    const place = path.join(project, 'node_modules', name);
    if (existsSync(place)) return;
    mkdirSync(path.dirname(place), { recursive: true });
    symlinkSync(installed(name), place);
  };
  const tarball = path.join(project, `tf-mechanics-${manifest.version}.tgz`);
  beforeAll(async () => {
    Object.assign(contents, await pack(lib, project));
    unpack(tarball, folder);
    for (const name of [...brought, '@types/node', 'undici-types']) link(name);
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));
  return Object.assign(contents, { project, folder, tarball, link });
}

/** Adds the packed kernel to the project, with the packages that it names alone: those of theirs it may not use. */
export async function addKernel({ project, link }: Packed): Promise<void> {
  const kernel = path.join(root, 'kernel');
  const { name, version, dependencies } = json(kernel, 'package.json');
  await pack(kernel, project);
  unpack(path.join(project, `${name}-${version}.tgz`), path.join(project, 'node_modules', name));
  for (const needed of Object.keys(dependencies)) link(needed);
}

function unpack(tarball: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components', '1']);
}

/** Packs a workspace, which takes seconds, once for all tests; gives the tarball to a project. */
async function pack(workspace: string, project: string): Promise<{ size: number; files: string[] }> {
  const { name, version } = json(workspace, 'package.json');
  const tarball = `${name}-${version}.tgz`;
  const made = await madeOnce(`${name}-packed`, (folder) =>
    writeFileSync(path.join(folder, 'report.json'), npmPack(workspace, folder)),
  );
  cpSync(path.join(made, tarball), path.join(project, tarball));
  const report = json(made, 'report.json'); // an array, or by name as from npm 12 on
  const [{ size, files }] = (Array.isArray(report) ? report : Object.values(report)) as [
    { size: number; files: { path: string }[] },
  ];
  return { size, files: files.map(({ path }) => path) };
}

/** Packs a workspace into a folder; gives npm's report, in JSON. */
function npmPack(workspace: string, destination: string): string {
  const npm = process.env.npm_execpath ?? '';
  const [command, ...args] = path.basename(npm).startsWith('npm') ? [process.execPath, npm] : ['npm'];
  return execFileSync(command, [...args, 'pack', '--json', '--pack-destination', destination], {
    cwd: workspace,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
