/** The JavaScript of the library and the kernel, compiled from their TypeScript, and what notebooks load into the page. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomic } from '../../lib/setup/atomic.mjs';
import { CommandError, run, SetupError } from '../../lib/setup/command.mjs';
import { note } from '../../lib/setup/progress.mjs';
import { loadRoomsLater } from './laterRooms.mjs';
import { writeNpmignore } from './npmignore.mjs';
import { bundlePage, minifyPlotly, pageFiles } from './page.mjs';
import { inRoot, root } from './paths.mjs';

/** What was compiled last, written after the compiler has ended well. */
const stamp = inRoot('lib', 'dist', '.sources');
/** What others start or load; they are looked for since either folder may be deleted by hand. */
const results = [
  ['lib', 'dist', 'index.js'],
  ...[...pageFiles, 'plotly.min.js'].map((file) => ['lib', 'dist', 'notebook', file]),
  ['kernel', 'dist', 'main.js'],
];

/** Comments belong to the declarations; in the scripts they would be a sixth of what the package weighs. */
const scriptsWithoutComments = [
  ['removeComments', 'true'],
  ['noCheck', 'true'],
  ['declaration', 'false'],
  ['composite', 'false'],
  ['incremental', 'false'],
  ['tsBuildInfoFile', 'null'],
].flatMap(([option, value]) => [`--${option}`, value]);

export const build = {
  name: 'library and kernel',

  needed() {
    if (!existsSync(stamp) || !results.every((file) => existsSync(inRoot(...file)))) return 'not compiled yet';
    if (readFileSync(stamp, 'utf8') !== fingerprint()) return 'its sources have changed';
  },

  async run() {
    const compiled = fingerprint(); // taken before, so that an edit during the compilation counts as a change
    note('compiling …');
    try {
      // By path: the `tsc` in node_modules/.bin may become another package's older one.
      const compiler = inRoot('node_modules', 'typescript', 'bin', 'tsc');
      await run(process.execPath, [compiler, '-b', 'lib', 'kernel'], { visible: true, cwd: root });
      await run(process.execPath, [compiler, '-p', 'lib', ...scriptsWithoutComments], { visible: true, cwd: root });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new SetupError("it doesn't compile, as the messages above say");
    }
    for (const folder of ['lib', 'kernel']) {
      dropMapComments(inRoot(folder, 'dist'));
      removeLeftovers(inRoot(folder, 'src'), inRoot(folder, 'dist'));
    }
    loadRoomsLater();
    await bundlePage();
    await minifyPlotly();
    writeNpmignore();
    writeFileAtomic(stamp, compiled);
  },
};

/** Bundlers warn of scripts that name a map which isn't there, and the package has none. The kernel finds ours beside the script. */
function dropMapComments(folder) {
  for (const file of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.js'))) {
    const script = readFileSync(path.join(folder, file), 'utf8');
    const end = script.lastIndexOf('\n//# sourceMappingURL=');
    if (end >= 0) writeFileSync(path.join(folder, file), script.slice(0, end + 1));
  }
}

/** Removes what was compiled of sources that are no more: whoever finds it would take it for the library's. */
export function removeLeftovers(sources, compiled) {
  const isOfSource = /^(.+?)\.(?:d\.ts|js)(?:\.map)?$/;
  for (const file of readdirSync(compiled, { recursive: true })) {
    const [, stem] = isOfSource.exec(file) ?? [];
    const isResult = results.some((result) => inRoot(...result) === path.join(compiled, file));
    if (stem !== undefined && !isResult && !existsSync(path.join(sources, `${stem}.ts`)))
      rmSync(path.join(compiled, file));
  }
}

/** Changes when a source, a compiler option or the compiler does. Names, sizes and times tell; nothing is read. */
function fingerprint() {
  const hash = createHash('sha256');
  const add = (file) => {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${path.relative(root, file)} ${size} ${mtimeMs}\n`);
  };
  const addAll = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) addAll(file);
      else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts')) add(file);
    }
  };
  addAll(inRoot('lib', 'src'));
  addAll(inRoot('kernel', 'src'));
  const packages = ['esbuild', 'plotly.js-dist', 'typescript'].map((name) => `node_modules/${name}/package.json`);
  const tools = [
    'scripts/setup/build.mjs',
    'scripts/setup/laterRooms.mjs',
    'scripts/setup/npmignore.mjs',
    'scripts/setup/page.mjs',
    'lib/package.json',
    ...packages,
  ];
  for (const file of ['tsconfig.base.json', 'lib/tsconfig.json', 'kernel/tsconfig.json', ...tools]) add(inRoot(file));
  return hash.digest('hex');
}
