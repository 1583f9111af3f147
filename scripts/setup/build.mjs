/** Compiles the library and the kernel, and bundles what notebooks load into the page. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomic } from '../../lib/setup/atomic.mjs';
import { CommandError, run, SetupError } from '../../lib/setup/command.mjs';
import { note } from '../../lib/setup/progress.mjs';
import { bundledFiles, bundleLibrary, compiler } from './library/bundle.mjs';
import { warmUp } from './library/warmUp.mjs';
import { writeNpmignore } from './npmignore.mjs';
import { bundlePage, minifyPlotly, pageFiles } from './page.mjs';
import { inRoot, root } from './paths.mjs';

/** A record of what was compiled last, written after a successful compilation. */
const stamp = inRoot('lib', 'dist', '.sources');
/** Files that others start or load; checked, since their folders may be deleted by hand. */
const results = [
  ...bundledFiles.map((file) => ['lib', 'dist', ...file.split('/')]),
  ...[...pageFiles, 'plotly.min.js'].map((file) => ['lib', 'dist', 'notebook', file]),
  ['kernel', 'dist', 'main.js'],
];

export const build = {
  name: 'library and kernel',

  needed() {
    if (!existsSync(stamp) || !results.every((file) => existsSync(inRoot(...file)))) return 'not compiled yet';
    if (readFileSync(stamp, 'utf8') !== fingerprint()) return 'its sources have changed';
  },

  async run() {
    const compiled = fingerprint(); // taken first, so that an edit during the compilation counts as a change
    note('compiling …');
    try {
      await run(process.execPath, [compiler, '-b', 'lib', 'kernel'], { visible: true, cwd: root });
      await bundleLibrary();
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new SetupError("it doesn't compile, as the messages above say");
    }
    dropMapComments(inRoot('kernel', 'dist'));
    removeLeftovers(inRoot('lib', 'src'), inRoot('lib', 'dist'), ['d.ts']);
    removeLeftovers(inRoot('kernel', 'src'), inRoot('kernel', 'dist'));
    await bundlePage();
    await minifyPlotly();
    writeNpmignore();
    writeFileAtomic(stamp, compiled);
    warmUp();
  },
};

/**
 * Removes source map comments: bundlers warn about scripts whose map is missing, and the package contains none. The
 * kernel finds our maps next to the scripts.
 */
function dropMapComments(folder) {
  for (const file of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.js'))) {
    const script = readFileSync(path.join(folder, file), 'utf8');
    const end = script.lastIndexOf('\n//# sourceMappingURL=');
    if (end >= 0) writeFileSync(path.join(folder, file), script.slice(0, end + 1));
  }
}

/**
 * Removes compiled files whose sources no longer exist or are compiled into files of another kind: others would take
 * them for the library's. Each source has compiled files with these endings.
 */
export function removeLeftovers(sources, compiled, endings = ['d.ts', 'js']) {
  const isOfSource = /^(.+?)\.(d\.ts|js)(?:\.map)?$/;
  for (const file of readdirSync(compiled, { recursive: true })) {
    const [, stem, ending] = isOfSource.exec(file) ?? [];
    const isResult = results.some((result) => inRoot(...result) === path.join(compiled, file));
    const isCompiled = endings.includes(ending) && existsSync(path.join(sources, `${stem}.ts`));
    if (stem !== undefined && !isResult && !isCompiled) rmSync(path.join(compiled, file));
  }
}

/**
 * Changes when a source, a compiler option or the compiler changes. It is based on names, sizes and times; no file is
 * read.
 */
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
    ...['bundle.mjs', 'loader.cjs', 'sourceIndex.mjs'].map((name) => `scripts/setup/library/${name}`),
    'scripts/setup/npmignore.mjs',
    'scripts/setup/page.mjs',
    'lib/package.json',
    ...packages,
  ];
  for (const file of ['tsconfig.base.json', 'lib/tsconfig.json', 'kernel/tsconfig.json', ...tools]) add(inRoot(file));
  return hash.digest('hex');
}
