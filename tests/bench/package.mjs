/**
 * What the packed package weighs and costs, as JSON: its tarball, what an empty folder has after `npm install` of it (out of npm's cache
 * where that has everything), and what a program pays for an import, the median of seven processes.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const lib = fileURLToPath(new URL('../../lib', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'bench-package-'));
try {
  console.log(JSON.stringify({ ...install(pack()), ...imports('tf-mechanics'), ...imports('tf-mechanics/summary') }));
} finally {
  rmSync(folder, { recursive: true });
}

function pack() {
  npm(lib, 'pack', '--pack-destination', folder);
  return readdirSync(folder).find((file) => file.endsWith('.tgz'));
}

function install(tarball) {
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
  const begin = performance.now();
  npm(folder, 'install', '--ignore-scripts=false', '--prefer-offline', `./${tarball}`);
  const installSeconds = round((performance.now() - begin) / 1000);
  const files = readdirSync(path.join(folder, 'node_modules'), { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((file) => file.isFile())
    .map((file) => statSync(path.join(file.parentPath, file.name)).size);
  const packages = files.filter(({ name, parentPath }) => name === 'package.json' && isPackage(parentPath));
  return {
    packedKB: Math.round(statSync(path.join(folder, tarball)).size / 1000),
    installedMB: round(sizes.reduce((sum, size) => sum + size, 0) / 1e6),
    packages: packages.length,
    installSeconds,
  };
}

/** `node_modules/name` or `node_modules/@scope/name`. */
function isPackage(place) {
  return /node_modules\/(@[^/]+\/)?[^/@]+$/.test(place.split(path.sep).join('/'));
}

function imports(name) {
  const code = `const begin = performance.now(); require('${name}');
    console.log(JSON.stringify([performance.now() - begin, process.memoryUsage().rss / 1e6]));`;
  const runs = Array.from({ length: 7 }, () => JSON.parse(run(process.execPath, ['-e', code], folder)));
  const [milliseconds, megabytes] = [0, 1].map((i) => round(runs.map((run) => run[i]).sort((a, b) => a - b)[3]));
  return { [name]: { importMs: milliseconds, rssMB: megabytes } };
}

function npm(cwd, ...args) {
  const own = process.env.npm_execpath ?? '';
  const [command, ...before] = path.basename(own).startsWith('npm') ? [process.execPath, own] : ['npm'];
  run(command, [...before, ...args], cwd);
}

function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function round(value) {
  return Math.round(value * 10) / 10;
}
