/** A class of a notebook's cell, moved into a file of `lib/src/models` as it is, becomes a model of the command line. */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = path.join(__dirname, '..', '..');

/** A copy of the library to change, within the repository, where its packages are found. */
let copy: string;
beforeAll(() => {
  fs.mkdirSync(path.join(root, '.cache'), { recursive: true });
  copy = fs.mkdtempSync(path.join(root, '.cache', 'model-in-a-file-'));
  fs.copyFileSync(path.join(root, 'tsconfig.base.json'), path.join(copy, 'tsconfig.base.json'));
  for (const name of ['package.json', 'tsconfig.json', 'bin', 'protos', 'setup', 'shared', 'src'])
    fs.cpSync(path.join(root, 'lib', name), path.join(copy, 'lib', name), { recursive: true });
  fs.mkdirSync(path.join(copy, 'node_modules'));
  fs.symlinkSync(path.join('..', 'lib'), path.join(copy, 'node_modules', 'tf-mechanics'));
});
afterAll(() => fs.rmSync(copy, { recursive: true }));

/** The cells of the notebook that import the library, and declare the class. */
function cells(): [imports: string, model: string] {
  const notebook = JSON.parse(fs.readFileSync(path.join(root, 'notebooks', '04-project-structure.ipynb'), 'utf8'));
  const sources = notebook.cells.map(({ source }: { source: string | string[] }) => [source].flat().join(''));
  const found = ["from 'tf-mechanics'", 'class OneHiddenLayer'].map((text) =>
    sources.find((source: string) => source.includes(text)),
  );
  return found as [string, string];
}

const cli = (...words: string[]) =>
  spawnSync(process.execPath, [path.join(copy, 'lib', 'bin', 'tf-mechanics.js'), ...words], { encoding: 'utf8' });

it('says how to compile the library where that is not done yet', () => {
  const { status, stderr } = cli('train', '--help');
  expect([status, stderr]).toEqual([
    1,
    `error: tf-mechanics is not compiled yet: run npm run setup in ${fs.realpathSync(copy)}\n`,
  ]);
});

it('compiles beside the others with its import from tf-mechanics, trains and is searched', () => {
  const models = path.join(copy, 'lib', 'src', 'models');
  const [imports, model] = cells();
  const exported = model.replace('class OneHiddenLayer', 'export class OneHiddenLayer');
  fs.writeFileSync(path.join(models, 'oneHiddenLayer.ts'), `${imports}\n\n${exported};\n`);
  const registry = path.join(models, 'registry.ts');
  const line = "import { OneHiddenLayer } from './oneHiddenLayer';\n";
  fs.writeFileSync(registry, `${line}${fs.readFileSync(registry, 'utf8')}\nregisterModel(OneHiddenLayer);\n`);
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [compiler, '--noEmit', '-p', path.join(copy, 'lib')], { stdio: 'inherit' });
  const bundler = JSON.stringify(path.join(root, 'scripts/setup/library/bundle.mjs'));
  const bundle = `import(${bundler}).then(({ bundleLibrary }) => bundleLibrary(${JSON.stringify(path.join(copy, 'lib'))}));`;
  execFileSync(process.execPath, ['-e', bundle], { stdio: 'inherit' });

  const own = ['--model-name', 'one_hidden_layer', '--nb-units', '8', '--fake-data', '--max-iter', '2'];
  const resultDir = path.join(copy, 'run');
  const trained = cli('train', ...own, '--result-dir', resultDir);
  expect([trained.status, trained.stderr]).toEqual([0, '']);
  expect(trained.stdout).toContain('Step 0: loss = ');
  const once = ['--algorithm', 'random', '--trials', '1', '--nb-process', '1'];
  const searched = cli('search', ...own, ...once, '--result-dir', path.join(copy, 'search'));
  expect([searched.status, searched.stderr]).toEqual([0, '']);
  expect(searched.stdout).toContain('Best: trial 0');

  const byLibrary = "console.log(require('tf-mechanics').models.modelNames().join())";
  const names = spawnSync(process.execPath, ['-e', byLibrary], { cwd: copy, encoding: 'utf8' });
  expect(names.stdout).toContain('one_hidden_layer');
});
