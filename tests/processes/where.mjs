/**
 * Where the tests of a file run. To start a process and to load libtensorflow takes a second, so files share them: those
 * whose imports don't reach libtensorflow share threads, the others processes, and a file that says
 * `// In a process of its own: …`, with the reason, has one. Those that speak to kernels are in processes, too: sockets that a failed test
 * leaves open would end the process of a thread, and with that all tests; and those that work in another folder, which threads can't. `unchanged.ts` fails a file that leaves behind what the next one
 * could stumble over.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const library = path.join(root, 'lib', 'src', 'index.ts');
/** What loads libtensorflow. */
const capi = path.join(root, 'lib', 'src', 'runtime', 'capi.ts');
/** What has sockets to kernels. */
const client = path.join(root, 'kernel', 'src', 'testing', 'client.ts');

/** What works in another folder, which only the whole process can. */
const ELSEWHERE = /\b(?:process\.chdir|inFolderOfItsOwn)\(/;
/** What takes longest, since it starts browsers, kernels and programs: it begins first, so that none of it is left over at the end. */
const LONG = [
  /^tests\/(notebooks|browser|book|templates|cluster|cli|hyperparameters|reference|setup|package)/,
  /^kernel\/src\/kernel\./,
];

const ALONE = /^\/\/ In a process of its own: \S/m;
/** Imports and the like, but for those of types alone. */
const IMPORT = /\b(?:import|export)\s(?!type\s)[^'"`;]*?from\s*'([^']+)'|\b(?:import|require)\s*\(?\s*'([^']+)'/g;

/** Of all files of tests in these folders, those that have processes of their own, and those that share threads. */
export function testsBy(folders) {
  const tests = folders
    .flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true }).map((file) => `${folder}/${file}`))
    .filter((file) => /\.test\.m?[jt]s$/.test(file));
  const alone = tests.filter((file) => ALONE.test(readFileSync(path.join(root, file), 'utf8')));
  const needsProcess = (file) =>
    ELSEWHERE.test(readFileSync(path.join(root, file), 'utf8')) ||
    [capi, client].some((target) => reaches(path.join(root, file), target));
  const inThreads = tests.filter((file) => !alone.includes(file) && !needsProcess(file));
  return { alone, inThreads };
}

/**
 * Files of tests in the order in which they begin: the long ones, then the others, those of one project after another, so that they share
 * processes and threads. The shortest, those in threads, come last, and all cores are busy to the end.
 *
 * @template {{ moduleId: string, project: { name: string } }} T
 * @param {T[]} files
 * @returns {T[]}
 */
export function longFirst(files) {
  const order = ['long threads', 'long shared', 'long alone', 'alone', 'shared', 'threads'];
  const place = ({ moduleId, project }) => {
    const isLong = LONG.some((pattern) => pattern.test(path.relative(root, moduleId)));
    return order.indexOf(`${isLong ? 'long ' : ''}${project.name}`);
  };
  return [...files].sort((one, other) => place(one) - place(other));
}

/** Whether a file imports another one, or does so by what it imports. */
function reaches(file, target, seen = new Set()) {
  if (file === target) return true;
  if (seen.has(file)) return false;
  seen.add(file);
  return importsOf(file).some((imported) => reaches(imported, target, seen));
}

const known = new Map();

function importsOf(file) {
  let imports = known.get(file);
  if (!imports) {
    const specifiers = [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(([, from, called]) => from ?? called);
    imports = specifiers.map((specifier) => resolve(file, specifier)).filter((found) => found !== undefined);
    known.set(file, imports);
  }
  return imports;
}

/** The file of ours that an import means. */
function resolve(importing, specifier) {
  if (specifier === 'tf-mechanics') return library;
  if (!specifier.startsWith('.')) return undefined;
  const target = path.resolve(path.dirname(importing), specifier);
  const candidates = [target, `${target}.ts`, path.join(target, 'index.ts'), target.replace(/\.js$/, '.ts')];
  return candidates.find((file) => /\.[cm]?[jt]s$/.test(file) && statSync(file, { throwIfNoEntry: false })?.isFile());
}
