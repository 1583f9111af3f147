/**
 * The projects that `tf-mechanics new` makes, as who makes them uses them: from outside, by public names. The classifier and the regressor
 * have the same scripts: what these do, and what the library does for both, is tried in the classifier every day and in both in a soak, which also puts a model of one's own into a project. The code of
 * each notebook runs every day: that of the template `notebook` in the kernel, that of the others in Node (in a soak all in the kernel).
 */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { locateLibrary } from '../../lib/src/runtime/locate';
import { repetitions } from '../../lib/src/testing/repetitions';
import { installed, manifest, packed, root } from '../packed';
import { price } from './houses';

const python = path.join(root, '.venv', 'bin', 'python');

/** Projects lie below the folder of the packed library, so they have what is installed there. */
const library = packed();
const { project: parent } = library;
const program = path.join(library.folder, 'bin', 'tf-mechanics.js');
beforeAll(() => {
  for (const name of ['typescript', 'plotly.js-dist', 'jsdom', '@napi-rs/canvas', '@expo-google-fonts/open-sans'])
    library.link(name);
  const programs = path.join(parent, 'node_modules', '.bin');
  mkdirSync(programs);
  symlinkSync(program, path.join(programs, 'tf-mechanics'));
  symlinkSync(installed('typescript/bin/tsc'), path.join(programs, 'tsc'));
});

const make = (...words: string[]) =>
  spawnSync(process.execPath, [program, 'new', ...words, '--yes', '--no-install'], { cwd: parent, encoding: 'utf8' });

/** Runs a script of a project, as its README says. */
async function npm(project: string, ...words: string[]): Promise<string> {
  const env: NodeJS.ProcessEnv = { ...own };
  for (const name of Object.keys(env)) if (/^npm_|^NODE_OPTIONS$|^VITEST/.test(name)) delete env[name];
  const file = process.env.npm_execpath ?? '';
  const [command, ...first] = path.basename(file).startsWith('npm') ? [process.execPath, file] : ['npm'];
  try {
    return (await promisify(execFile)(command!, [...first, ...words], { cwd: project, env })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`npm ${words.join(' ')} failed:\n${stdout}\n${stderr}`);
  }
}

const own = { ...process.env, TF_MECHANICS_LIBTENSORFLOW: path.dirname(locateLibrary().main) };

/** What `npm run build` does. */
const compile = (project: string) =>
  promisify(execFile)(process.execPath, [installed('typescript/bin/tsc')], { cwd: project });

/** What `npm run main` does, without compiling anew. */
async function main(project: string, ...words: string[]): Promise<string> {
  const parameters = ['dist/src/main.js', ...words];
  return (await promisify(execFile)(process.execPath, parameters, { cwd: project, env: own })).stdout;
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

/** A test that does what the cells of a project's notebook do, in their order. */
function testOfNotebook(project: string): string {
  const folder = path.join(project, 'notebooks');
  const [file] = readdirSync(folder);
  const { cells } = JSON.parse(readFileSync(path.join(folder, file!), 'utf8'));
  const code = (cells as { cell_type: string; source: string | string[] }[])
    .filter((cell) => cell.cell_type === 'code')
    .map(({ source }) => [source].flat().join(''))
    .join('\n;\n');
  const imports = /^import .*;$/gm;
  return `${code.match(imports)!.join('\n')}
import { test } from 'node:test';
test('the notebook', async () => {
process.chdir('notebooks');
${code.replace(imports, '')}
});
`;
}

/** Whether also that is tried which another template has shown. */
const everything = repetitions(0, 1) > 0;

const MODELS = {
  classifier: { notebook: 'iris.ipynb', metric: 'precision', answer: /setosa|versicolor|virginica/ },
  regressor: { notebook: 'petals.ipynb', metric: 'mse', answer: /^data\/iris\.csv\[0\] +0\.\d+$/m },
} as const;

describe.each(['classifier', 'regressor', 'notebook'] as const)('the template %s', (template) => {
  const name = `my-${template}`;
  let project: string;
  let made: ReturnType<typeof make>;
  let files: string[];
  beforeAll(() => {
    made = make(name, '--template', template);
    project = path.join(parent, name);
    files = filesIn(project);
  });

  it('is at most 15 files that are read in five minutes, named after the project', () => {
    expect([made.status, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toContain(`${name}: ${files.length} files from the template ${template}`);
    expect(files.length).toBeLessThanOrEqual(15);
    const texts = files.map((file) => readFileSync(file, 'utf8'));
    expect(texts.filter((text) => /PROJECT_NAME|_VERSION"/.test(text))).toEqual([]);
    const code = files.filter((file) => /\.(ts|mjs)$/.test(file)).map((file) => readFileSync(file, 'utf8'));
    expect(code.join('').split('\n').length).toBeLessThan(220);
    const { name: named, dependencies } = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'));
    expect([named, dependencies]).toEqual([name, { 'tf-mechanics': `^${manifest.version}` }]);
    for (const file of ['.gitignore', 'README.md', 'data/iris.csv', 'results/.gitkeep', 'src/data.ts'])
      expect(existsSync(path.join(project, file))).toBe(true);
  });

  it('has irises that are whole', () => {
    const { status, stdout } = spawnSync(process.execPath, ['data/getData.mjs'], { cwd: project, encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, 'data/iris.csv: 150 flowers, as Fisher published them\n']);
  });

  const runsNotebook = existsSync(python) && (template === 'notebook' || everything);

  it('passes its own tests, without a network, and one of the code of its notebook where that runs in no kernel', async () => {
    if (!runsNotebook) writeFileSync(path.join(project, 'tests', 'notebook.test.ts'), testOfNotebook(project));
    expect(await npm(project, 'test')).toMatch(/# pass [1245]\n# fail 0/);
  });

  it.runIf(runsNotebook)('has a notebook that runs, and knows the project’s modules', async () => {
    const [file] = readdirSync(path.join(project, 'notebooks'));
    const execute = path.join(root, 'tests', 'notebooks', 'execute.py');
    const parameters = [execute, path.join(project, 'notebooks', file!), 'tf-mechanics'];
    const { stdout } = await promisify(execFile)(python, parameters, { maxBuffer: 64 * 2 ** 20 });
    const { error, cells } = JSON.parse(stdout);
    expect(error).toBeNull();
    const outputs = cells.flatMap((cell: { outputs: unknown[] }) => cell.outputs);
    expect(outputs.filter((output: { name?: string }) => output.name === 'stderr')).toEqual([]);
  });

  if (template === 'notebook') return;
  const { metric, answer } = MODELS[template];
  const isShown = template === 'regressor' && !everything;

  it('trains by its endpoint', async () => {
    const words = ['--random-seed', '3', '--result-dir', 'results/first'];
    const trained = isShown
      ? await main(project, 'train', ...words)
      : await npm(project, 'run', 'train', '--', ...words);
    expect(trained).toContain('Summaries and checkpoints are in results/first (the last is model.ckpt-400)');
  });

  it('has the scripts of the classifier', () => {
    const scripts = (name: string) => JSON.parse(readFileSync(path.join(parent, name, 'package.json'), 'utf8')).scripts;
    expect(scripts(name)).toEqual(scripts('my-classifier'));
  });

  it.skipIf(isShown)('has the keys of its model as flags', async () => {
    const help = await main(project, 'train', '--help');
    expect(help.replace(/\s+/g, ' ')).toContain('--hidden <number> units of the hidden layer (default: 16)');
    expect(help).not.toContain('convnet');
  });

  it.skipIf(isShown)('makes a run again, to the bit, by its config.json', async () => {
    await main(project, 'train', '--config', 'results/first/config.json', '--result-dir', 'results/again');
    const [first, again] = ['first', 'again'].map((run) =>
      createHash('sha256').update(
        readFileSync(path.join(project, 'results', run, 'model.ckpt-400.data-00000-of-00001')),
      ),
    );
    expect(again!.digest('hex')).toBe(first!.digest('hex'));
  });

  it('is asked about a file, and measured', async () => {
    const asked = await main(project, 'infer', 'data/iris.csv', '--result-dir', 'results/first');
    expect(asked).toMatch(answer);
    expect(asked.trim().split('\n').at(-1)).toContain('data/iris.csv[149]');
    const measured = await main(project, 'evaluate', '--json', '--result-dir', 'results/first');
    expect(JSON.parse(measured.slice(measured.indexOf('{'))).test[metric]).toEqual(expect.any(Number));
  });

  it.runIf(everything)('searches in two processes, by the flags', async () => {
    const few = ['--algorithm', 'random', '--trials', '4', '--nb-process', '2', '--max-iter', '20'];
    const byFlags = await main(project, 'search', ...few, '--result-dir', 'results/flags');
    expect(byFlags).toMatch(new RegExp(`^Best: trial \\d, ${metric} `, 'm'));
  });

  it.skipIf(isShown)('searches in two processes, by its own script', async () => {
    const script = path.join(project, 'src', 'hpsearch.ts');
    writeFileSync(script, readFileSync(script, 'utf8').replace('maxIterations: 270', 'maxIterations: 3'));
    expect(await npm(project, 'run', 'search')).toContain('Best: {');
  });
});

it.runIf(everything)(
  'a project takes another model: a regression of several columns, with a metric of its own that it is searched by',
  async () => {
    make('houses', '--template', 'regressor');
    const project = path.join(parent, 'houses');
    cpSync(path.join(__dirname, 'houses.ts'), path.join(project, 'src', 'models', 'houses.ts'));
    const index = path.join(project, 'src', 'models', 'index.ts');
    writeFileSync(index, `export { Houses } from './houses';\n${readFileSync(index, 'utf8')}`);

    const run = ['--result-dir', 'results/houses'];
    await compile(project);
    await main(project, 'train', '--model', 'houses', '--random-seed', '1', ...run);
    const measured = await main(project, 'evaluate', '--json', ...run);
    const { test } = JSON.parse(measured.slice(measured.indexOf('{')));
    expect(Object.keys(test)).toEqual(['numExamples', 'loss', 'mse', 'mae', 'relativeError']);
    expect([test.numExamples, test.relativeError < 0.05]).toEqual([40, true]);

    writeFileSync(path.join(project, 'asked.json'), '{ "measures": [[100, 4, 10]], "district": [2] }');
    const asked = await main(project, 'infer', 'asked.json', '--json', ...run);
    const [{ prediction }] = JSON.parse(asked.slice(asked.indexOf('[')));
    expect(Math.abs(prediction - price([100, 4, 10], 2))).toBeLessThan(20);

    const few = ['--algorithm', 'random', '--trials', '4', '--nb-process', '2', '--max-iter', '50'];
    const best = ['--metric', 'mae', '--mode', 'min'];
    const found = await main(project, 'search', '--model', 'houses', ...few, ...best);
    expect(found).toMatch(/^Best: trial \d, mae \d+\.\d+ after 50 steps/m);
  },
);

describe('tf-mechanics new', () => {
  it('makes a classifier where nobody asks for anything else, also by npm create', () => {
    expect(make('plain').stdout).toContain('from the template classifier');
    const create = [path.join(root, 'create', 'create.js'), 'created', '--yes', '--no-install'];
    const { stdout } = spawnSync(process.execPath, create, { cwd: parent, encoding: 'utf8' });
    expect(stdout).toContain('created: 14 files from the template classifier');
  });

  it.each([
    [
      ['plain2/../My Project'],
      1,
      'error: the folder\'s name is the project\'s, of small letters, digits and . _ -, not "My Project"',
    ],
    [['full'], 1, 'full has kept.txt in it: name a new folder, or an empty one'],
    [['file'], 1, 'file is a file: name a new folder'],
    [
      ['other', '--template', 'vision'],
      2,
      "argument 'vision' is invalid. Allowed choices are classifier, regressor, notebook.",
    ],
    [[], 2, "error: missing required argument 'folder'"],
  ])('answers %j with one line, and makes nothing', (words, status, message) => {
    mkdirSync(path.join(parent, 'full'), { recursive: true });
    writeFileSync(path.join(parent, 'full', 'kept.txt'), 'mine');
    writeFileSync(path.join(parent, 'file'), 'mine');
    const before = readdirSync(parent);
    const answered = make(...words);
    expect(answered.status).toBe(status);
    expect(answered.stderr).toContain(message);
    expect(answered.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(readdirSync(parent)).toEqual(before);
    expect(readdirSync(path.join(parent, 'full'))).toEqual(['kept.txt']);
  });

  it('takes an empty folder, and what it makes is for others to read, as a folder that mkdir makes', () => {
    mkdirSync(path.join(parent, 'empty'));
    expect(make('empty').status).toBe(0);
    expect(existsSync(path.join(parent, 'empty', 'package.json'))).toBe(true);
  });
});
