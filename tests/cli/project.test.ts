/** A project outside of the repository, which has nothing but public names: its endpoint, its models, their search in processes. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type * as Library from '../../lib/src';
import type { cli as Cli } from '../../lib/src/cli/cli';

const root = path.join(__dirname, '..', '..');
const { cli } = require(path.join(root, 'lib/dist/cli/cli.js')) as { cli: typeof Cli };
const { hyperparameters, models, tf } = require(path.join(root, 'lib/dist')) as typeof Library;

/** A class that finds the number 3, in the body of a module of whatever kind. */
const THREE = (modelName: string) => `
class Three extends models.BasicAgent {
  static modelName = '${modelName}';
  static keys = {
    maxIter: models.key(models.wholeNumber(0), 'steps to take', 20),
    lr: models.key(models.positive, 'the learning rate', 0.1),
    step: models.key(models.positive, 'how far one goes', 1),
    signed: models.key(models.flag, 'look at signs', true),
  };
  static searchSpace = { lr: hyperparameters.space.choice([0.001, 0.3]) };
  static metrics = { distance: 'min' };
  static dataKeys = ['step'];
  buildGraph() {
    const three = new tf.Variable(0);
    const loss = tf.square(tf.subtract(three, 3));
    const globalStep = tf.train.getOrCreateGlobalStep();
    return { three, loss, trainOp: new tf.train.GradientDescentOptimizer(this.config.lr).minimize(loss, { globalStep }) };
  }
  async prepare() {
    return 3;
  }
  describeData(number) {
    return { number, step: this.config.step };
  }
  async learnFromEpoch(_, { end }) {
    let loss = NaN;
    for (; this.step < end; this.step++) [, loss] = this.session.runSync([this.parts.trainOp, this.parts.loss]);
    return loss;
  }
  async evaluate(sets = ['train', 'validation', 'test']) {
    await this.initialized();
    const [three, loss] = this.session.runSync([this.parts.three, this.parts.loss]);
    const measured = { numExamples: this.config.step, loss, distance: Math.abs(3 - three), nearness: three / 3 };
    return Object.fromEntries(sets.map((name) => [name, measured]));
  }
}`;

const IMPORT = "import { hyperparameters, models, tf } from 'tf-mechanics';";
const REQUIRE = "const { hyperparameters, models, tf } = require('tf-mechanics');";

const files: Readonly<Record<string, string>> = {
  'models/index.mjs': `${IMPORT}\nawait Promise.resolve();\n${THREE('three')}\nexport { Three };\nexport const note = 'no model';`,
  'main.mjs': `import { cli } from 'tf-mechanics/cli';
    import { models as library } from 'tf-mechanics';
    import * as models from './models/index.mjs';
    const greet = {
      description: 'greet somebody',
      words: '<names...>',
      flags: { howOften: library.key(library.wholeNumber(1), 'how often', 1), loudly: library.key(library.flag, 'in capitals', false) },
      run({ howOften, loudly }, names) {
        for (const name of names) console.log((loudly ? name.toUpperCase() : name).repeat(howOften));
      },
    };
    await cli({ name: 'three', models, commands: { greet }, resultDir: 'results' });
    console.log('the end');`,
  'registers.cjs': `${REQUIRE}\n${THREE('registered')}\nmodels.registerModel(Three);`,
  'throws.mjs': `\nthrow new TypeError('no luck\\nat all');`,
  'syntax.mjs': 'export const x = ;',
  'nothing.cjs': 'module.exports = { x: 1 };',
  'twice.mjs': `export { Three } from './models/index.mjs';\n${IMPORT}\n${THREE('three').replace('Three', 'Other')}\nexport { Other };`,
  'typed.mts': `${IMPORT}\ninterface Nothing { x: number }\n${THREE('typed')}\nexport { Three };`.replaceAll(
    '(number)',
    '(number: number)',
  ),
  // What Node does by itself from 22.18 on, for those before it.
  'loader.mjs': `import { register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(`
      import { readFileSync } from 'node:fs';
      import { transformSync } from ${JSON.stringify(pathToFileURL(path.join(root, 'node_modules/esbuild/lib/main.js')).href)};
      export async function load(url, context, next) {
        if (!url.endsWith('.mts')) return next(url, context);
        const { code } = transformSync(readFileSync(new URL(url), 'utf8'), { loader: 'ts' });
        return { format: 'module', source: code, shortCircuit: true };
      }`)}));`,
  'program.cjs': `${REQUIRE}\n${THREE('programmed')}\nvoid require('tf-mechanics/cli').cli({ name: 'programmed', models: [Three] });`,
  'silent.mjs': 'console.log("nothing to do");',
};

let project: string;
beforeAll(() => {
  project = mkdtempSync(path.join(realpathSync(tmpdir()), 'project-'));
  mkdirSync(path.join(project, 'node_modules', '.bin'), { recursive: true });
  mkdirSync(path.join(project, 'models'));
  symlinkSync(path.join(root, 'lib'), path.join(project, 'node_modules', 'tf-mechanics'));
  symlinkSync('../tf-mechanics/bin/tf-mechanics.js', path.join(project, 'node_modules', '.bin', 'tf-mechanics'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(project, name), text);
});
afterAll(() => rmSync(project, { recursive: true }));

const inProject = (...parts: string[]) => path.join(project, ...parts);

/** Runs a program in the project's folder. */
function node(...words: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: project, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}
const bin = (...words: string[]) => node('node_modules/.bin/tf-mechanics', ...words);

/** What `cli` does in this process. */
async function here(given: Parameters<typeof cli>[0], ...words: string[]) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => stdout.push(String(text)) > 0),
    vi.spyOn(console, 'log').mockImplementation((...values) => stdout.push(format(...values), '\n')),
    vi.spyOn(console, 'error').mockImplementation((...values) => stderr.push(format(...values), '\n')),
  ];
  try {
    const code = await cli(given, words);
    return { code, stdout: stdout.join(''), stderr: stderr.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** The project as this process sees it. */
const three = () => ({ name: 'three', models: inProject('models', 'index.mjs'), resultDir: inProject('results') });
const one = ['--algorithm', 'random', '--trials', '1', '--nb-process', '1', '--random-seed', '1'];
const few = [...one, '--trials', '2', '--nb-process', '2'];

describe('the endpoint of a project', () => {
  it('has its models and no others, their keys as flags, and its own commands', async () => {
    const { code, stdout } = node('main.mjs', 'train', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('(choices: "three")');
    expect(stdout).toMatch(/--model-step <number> +how far one goes \(default: 1\)/);
    expect(stdout).toMatch(/--no-signed +not: look at signs \(default: true\)/);
    expect(stdout.replace(/\s+/g, ' ')).toContain('(default: a new folder in results)');
    expect(stdout).not.toMatch(/convnet|MNIST/);
    const greeted = node('main.mjs', 'greet', '--how-often', '2', '--loudly', 'you', 'me');
    expect(greeted).toEqual({ code: 0, stdout: 'YOUYOU\nMEME\nthe end\n', stderr: '' });
    expect(node('main.mjs', 'greet', '--how-often', '0', 'you')).toEqual({
      code: 2,
      stdout: 'the end\n',
      stderr:
        "error: option '--how-often <number>' argument '0' is invalid. It must be a whole number of 1 or more. (see --help)\n",
    });
  });

  it('searches in processes which are the same program, by whichever metric, and says what to type next', () => {
    const { code, stdout, stderr } = node(
      'main.mjs',
      'search',
      ...few,
      '--trials',
      '4',
      '--metric',
      'nearness',
      '--mode',
      'min',
    );
    expect([code, stderr]).toEqual([0, '']);
    const [, best, command] =
      /^Best: trial \d, nearness (0\.\d+) after 20 steps: .*\nTrain it with: (node main\.mjs .*)\n/m.exec(stdout)!;
    expect(Number(best)).toBeLessThan(0.5);
    expect(command).toMatch(/^node main\.mjs train --config results\/search-three-[\w-]+\/best\.json$/);
    const [folder] = readdirSync(inProject('results'));
    const resumed = node('main.mjs', 'search', '--resume', '--result-dir', `results/${folder}`);
    expect(resumed.stdout).toContain(`nearness ${best}`); // by what it was compared
    const [header] = readFileSync(inProject('results', folder!, 'results.csv'), 'utf8').split('\r\n');
    expect(header).toContain(',nearness,loss,distance,');
    const trained = node(...command!.split(' ').slice(1));
    expect(trained.stdout).toMatch(/^Summaries and checkpoints are in results\/three-/m);
  });

  it('is not needed: --models names a module, before the command or after it', async () => {
    const noModels = { name: 'tf-mechanics' };
    const help = await here(noModels, '--models', inProject('registers.cjs'), 'evaluate', '--help');
    expect(help.stdout).toMatch(/--model-step <number> +how far one goes \(default: the run's\)/);
    const { code, stdout, stderr } = bin('search', ...one, '--models=./registers.cjs');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Best: trial ');
    expect(stdout).toMatch(
      /^Train it with: npx tf-mechanics --models \.\/registers\.cjs train --config summaries\/search-reg/m,
    );
    const told = await here(noModels, 'data', '--models', inProject('registers.cjs'));
    expect(told.stdout).toBe('number: 3\nstep: 1\n');
  });

  it('takes TypeScript by a loader that this process has, and so do the processes of a search and of a cluster', () => {
    const strips = 'typescript' in process.features && process.features.typescript;
    const flags = strips ? [] : ['--import', './loader.mjs'];
    const { code, stdout, stderr } = node(
      ...flags,
      'node_modules/.bin/tf-mechanics',
      '--models',
      'typed.mts',
      'search',
      ...one,
    );
    expect(stderr.replace(/.*(ExperimentalWarning|--trace-warnings).*\n/g, '')).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('Best: trial ');
    const cluster = ['--cluster', 'local', '--workers', '1', '--max-iter', '3', '--result-dir', 'cluster'];
    const trained = node(...flags, 'node_modules/.bin/tf-mechanics', '--models', 'typed.mts', 'train', ...cluster);
    expect(trained.stdout).toContain('Summaries and checkpoints are in cluster (the last is model.ckpt-3)');
  });
});

describe('cli, told what to do', () => {
  it('gives the exit code, and leaves this process as it was', async () => {
    const listeners = () =>
      ['exit', 'SIGINT', 'SIGTERM', 'uncaughtException'].map((name) => process.listenerCount(name));
    await here(three(), 'train', '--max-iter', '1', '--result-dir', inProject('first')); // what is there once is there then
    const before = listeners();
    const trained = await here(
      three(),
      'train',
      '--max-iter',
      '2',
      '--model-step',
      '5',
      '--result-dir',
      inProject('run'),
    );
    expect([trained.code, trained.stderr]).toEqual([0, '']);
    expect(listeners()).toEqual(before);
    expect(process.exitCode).toBeUndefined();
    const evaluated = await here(three(), 'evaluate', '--result-dir', inProject('run'), '--json');
    expect(JSON.parse(evaluated.stdout).test).toMatchObject({ numExamples: 5 });
    const other = await here(three(), 'evaluate', '--result-dir', inProject('run'), '--model-step', '7', '--json');
    expect(JSON.parse(other.stdout).test).toMatchObject({ numExamples: 7 });
    expect(JSON.parse((await here(three(), 'data', '--json')).stdout)).toEqual({ number: 3, step: 1 });
    // Agents that a project makes itself are in its folder only while it runs.
    expect(new models.SoftmaxRegression().resultDir).toMatch(/^summaries/);
  });

  it('trains classes in this process, one after the other', async () => {
    await here(three(), 'data');
    const Three = models.getModelClass('three');
    const own = { name: 'three', models: [Three], resultDir: inProject('here') };
    const { code, stdout } = await here(own, 'search', '--full-search', '--trials', '2', '--max-iter', '3');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Train it with: three train --config /m);
    const two = await here(own, 'search', '--full-search', '--trials', '2', '--nb-process', '2');
    expect(two.stderr).toBe('error: a function trains trials in this process only: name a module for 2\n');
  });

  it("takes a project's endpoint for the module of its models, and lets it do nothing else", async () => {
    const { code, stdout } = await here({ ...three(), models: inProject('program.cjs') }, 'data');
    expect([code, stdout]).toEqual([0, 'number: 3\nstep: 1\n']);
  });

  it('takes commands of commander, and one in place of a usual one', async () => {
    const { Command } = require('commander') as typeof import('commander');
    const called: unknown[] = [];
    const commands = {
      own: new Command().option('--my_flag <x>').action(({ my_flag }) => void called.push(my_flag)),
      data: { description: 'other data', run: () => called.push('data') },
      breaks: {
        description: 'breaks',
        run() {
          throw new tf.errors.NotFoundError('nothing is here');
        },
      },
    };
    expect((await here({ ...three(), commands }, 'own', '--my_flag', '1')).code).toBe(0);
    expect((await here({ ...three(), commands }, 'data')).code).toBe(0);
    expect(called).toEqual(['1', 'data']);
    const broken = await here({ ...three(), commands }, 'breaks');
    expect(broken).toEqual({ code: 1, stdout: '', stderr: 'error: nothing is here\n' });
  });

  it.each([
    [{ models: 'missing' }, /^error: there is no module .*missing\n$/],
    [{ models: 'throws.mjs' }, /^error: .*throws\.mjs can't be loaded: no luck \(.*throws\.mjs:2\)\n$/],
    [{ models: 'syntax.mjs' }, /^error: .*syntax\.mjs can't be loaded: Unexpected token ';'.*\n$/],
    [
      { models: 'nothing.cjs' },
      /^error: .*nothing\.cjs: expected at least one model, a class that extends models\.BasicAgent, .*\n$/,
    ],
    [{ models: 'twice.mjs' }, /^error: .*twice\.mjs: the models Other and Three have one modelName, 'three'\n$/],
    [{ models: [Math] }, /^error: models\[0\] is no model, a class .*: Object \[Math\] .*\n$/],
    [{ models: [] }, /^error: expected at least one model/],
    [{ model: [] }, /^error: there is no option 'model'; did you mean 'models'\?\n$/],
    [
      { commands: { x: { description: 'x', words: 'files' } } },
      /^error: run of the command x is a function, not undefined\n$/,
    ],
    [
      { commands: { x: { description: 'x', words: 'files', run() {} } } },
      /^error: the words of the command x are such as '<files\.\.\.>'/,
    ],
  ])('answers a project with %j in one line', async (wrong, message) => {
    const inFolder =
      'models' in wrong && typeof wrong.models === 'string' ? { models: inProject(wrong.models) } : wrong;
    const { code, stdout, stderr } = await here({ ...three(), ...(inFolder as object) }, 'train');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([
    [['--metric', 'distanc'], 'error: three has no metric distanc: did you mean distance?\n'],
    [['--metric', 'f1'], 'error: three has no metric f1: it has numExamples, loss, distance, nearness\n'],
    [
      ['--metric', 'nearness'],
      "error: whether the greatest nearness is best or the least isn't known: say --mode max or --mode min\n",
    ],
  ])('answers search %j in one line', async (flags, message) => {
    expect(await here(three(), 'search', ...flags)).toEqual({ code: 1, stdout: '', stderr: message });
    expect(await here(three(), 'train', '--learning-rate', '1')).toMatchObject({
      code: 2,
      stderr: "error: unknown option '--learning-rate' (Did you mean --lr?) (see --help)\n",
    });
    expect((await here(three(), 'train', '--dropout', '1')).stderr).toBe(
      "error: unknown option '--dropout' (see --help)\n",
    );
  });

  it('knows no run of a model that it does not offer', async () => {
    const resultDir = inProject('other');
    mkdirSync(resultDir);
    writeFileSync(path.join(resultDir, 'config.json'), JSON.stringify({ modelName: 'convnet', config: {} }));
    const { stderr } = await here(three(), 'train', '--result-dir', resultDir);
    expect(stderr).toBe(`error: ${resultDir}/config.json: expected a model, one of three, got 'convnet'\n`);
  });
});

describe('a search from a notebook', () => {
  const options = (resultDir: string) => ({
    algorithm: 'random' as const,
    trials: 2,
    space: { modelName: 'three', lr: hyperparameters.space.choice([0.1, 0.3]) },
    metric: 'distance',
    mode: 'min' as const,
    maxIterations: 5,
    nbProcess: 2,
    resultDir: inProject(resultDir),
  });

  it("trains the models of a module that it names in several processes, also by the project's program", async () => {
    const found = await hyperparameters.search({ ...options('named'), trial: models.trialsOf(inProject('models')) });
    expect(found.trials.map(({ status }) => status)).toEqual(['finished', 'finished']);
    const program = { program: inProject('main.mjs') };
    const again = await hyperparameters.search({
      ...options('by-program'),
      nbProcess: 1,
      seed: found.seed,
      trial: program,
    });
    expect(again.trials.map(({ value }) => value)).toEqual(found.trials.map(({ value }) => value));
    expect(existsSync(inProject('results', 'hparams'))).toBe(false);
  });

  it.each([
    [
      'silent.mjs',
      "can't be loaded: it came to its end, and has not called cli({ … }), which gives a search its models",
    ],
    ['throws.mjs', "can't be loaded: no luck"],
  ])('says so where the program is %s', async (file, message) => {
    const trial = { program: inProject(file) };
    const searching = hyperparameters.search({ ...options(`search-${file}`), nbProcess: 1, trial });
    await expect(searching).rejects.toThrow(`${inProject(file)} ${message}`);
  });

  it('stops where the processes can not load the module, and says which model they do not know', async () => {
    const unloadable = { ...options('unloadable'), trial: models.trialsOf(inProject('throws.mjs')) };
    await expect(hyperparameters.search(unloadable)).rejects.toThrow("throws.mjs can't be loaded: no luck");
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    await hyperparameters.search({ ...options('unknown'), nbProcess: 1, trial: models.trials, log });
    expect(lines.join()).toContain("the processes of a search know no model 'three', but fully_connected, ");
    expect(lines.join()).toContain(': trial: models.trialsOf(file) names the module that has it');
  });

  it('refuses a module that is not there', () => {
    expect(() => models.trialsOf(inProject('nowhere'))).toThrow(`there is no module ${inProject('nowhere')}`);
  });
});
