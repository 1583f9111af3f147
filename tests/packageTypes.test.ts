/**
 * What those who install the package get of its types, in whichever TypeScript, and what the package's linters say. Every day today's compiler checks
 * all types by two ways of resolving modules, and the oldest compiler that a program which uses them, and that it can read the declarations; a
 * soak has all ways, both older compilers check everything, and @arethetypeswrong/cli asks the same of each entry by itself.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type * as TypeScript from 'typescript-5.9';
import { beforeAll, describe, expect, it } from 'vitest';
import { repetitions } from '../lib/src/testing/repetitions';
import { installed, packed } from './packed';

const { project, tarball } = packed();
const everything = repetitions(0, 1) > 0;

/** What a program of the repository's packages says, and what came of it. */
function run(script: string, ...args: string[]): { status: number | null; output: string } {
  const options = { cwd: project, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [installed(script), ...args], options);
  return { status, output: stdout + stderr };
}

describe('the package', () => {
  it('is clean for publint', () => {
    expect(run('publint/src/cli.js', tarball, '--strict')).toMatchObject({
      status: 0,
      output: expect.stringContaining('All good!'),
    });
  });

  it.runIf(everything)('has the right types for each kind of import, as @arethetypeswrong/cli finds', () => {
    const { status, output } = run('@arethetypeswrong/cli/dist/index.js', tarball, '--format', 'ascii', '--no-emoji');
    expect(output).toContain('No problems found');
    expect(status).toBe(0);
  });
});

const PROGRAM = `
  import { models, tf } from 'tf-mechanics';
  import { FileWriter } from 'tf-mechanics/summary';
  import { cli, type OwnCommand } from 'tf-mechanics/cli';
  import { setNotebookHost } from 'tf-mechanics/kernel-host';
  const y = tf.square(tf.placeholder('float32', []));
  const value: number = new tf.Session().runSync(y, [[y, 3]]);
  // @ts-expect-error: what stands for a tensor of tfjs where there is none isn't anything
  new tf.Session().runSync(y, [[y, { nothing: 1 }]]);
  // @ts-expect-error: nor is what conversion gives
  tf.hostArray([1]).toTensor().nothing;
  const flags = { runs: models.key(models.wholeNumber(1), 'how many', 2), title: models.key(models.text, 'over it') };
  const compare: OwnCommand = { description: 'compare runs', run: (_, words) => console.log(words.length) };
  const commands = {
    compare,
    show: {
      description: 'show runs',
      words: '<folders...>',
      flags,
      run({ runs, title }: { runs: number; title?: string | undefined }, folders: readonly string[]) {
        console.log(folders.slice(0, runs), title);
      },
    },
  };
  const code: Promise<number> = cli({ name: 'mine', models: [models.Convnet], resultDir: 'results', commands });
  void cli({ name: 'mine', models, commands: { show: { description: 'show', flags, run: ({ runs }) => runs.toFixed() } } });
  void cli({ name: 'mine', models: './models.js' }, ['train']);
  // @ts-expect-error: the values of flags are of their keys' types
  void cli({ name: 'mine', commands: { show: { description: 'show', flags, run: ({ runs }) => runs.length } } });
  // @ts-expect-error: a function is no model
  void cli({ name: 'mine', models: [tf.square] });
  export { code, FileWriter, setNotebookHost, value };`;

/** The same as an ECMAScript module and as CommonJS. */
const files = ['program.mts', 'program.cts'];

const optionsOf = (resolution: string) => ({
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
  target: 'es2022',
  lib: ['es2022'],
  module: resolution === 'bundler' ? 'esnext' : resolution,
  moduleResolution: resolution,
  types: ['node'],
});

/** What the compiler says that is a program. */
function errorsOf(compilerOptions: object): string {
  writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  return run('typescript/bin/tsc', '-p', project).output;
}

/** What a compiler that is a library says of the program, of the declarations' syntax, and in a soak of all that they say. */
function errorsBy(compiler: string, compilerOptions: object): string {
  const ts = require(compiler) as typeof TypeScript;
  const { options, errors } = ts.convertCompilerOptionsFromJson(compilerOptions, project);
  const program = ts.createProgram(
    files.map((file) => path.join(project, file)),
    options,
    { ...ts.createCompilerHost(options), getCurrentDirectory: () => project },
  );
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => !/\/(@types|undici-types|typescript[^/]*)\//.test(fileName));
  expect(ours.filter(({ fileName }) => fileName.includes('/tf-mechanics/dist/')).length).toBeGreaterThan(100);
  const found = [
    ...errors,
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...ours.flatMap((file) => program.getSyntacticDiagnostics(file)),
    ...ours
      .filter(({ fileName }) => everything || files.includes(path.basename(fileName)))
      .flatMap((file) => program.getSemanticDiagnostics(file)),
  ];
  return ts.formatDiagnostics(found, {
    getCurrentDirectory: () => project,
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  });
}

describe('the types of the package hold without skipLibCheck', () => {
  const settings = ['node16', 'bundler', 'nodenext'];
  beforeAll(() => {
    for (const file of files) writeFileSync(path.join(project, file), PROGRAM);
  });

  it.each(settings.slice(0, everything ? 3 : 2))('under TypeScript 7, module setting %s', (setting) => {
    expect(errorsOf(optionsOf(setting))).toBe('');
  });

  // Each takes seconds: of these, the oldest every day, and all in a soak.
  const others = ['5.4', '5.9'].flatMap((version) => settings.map((setting) => [version, setting] as const));
  it.each(others.slice(0, repetitions(1, others.length)))(
    'under TypeScript %s, module setting %s',
    (version, setting) => {
      expect(errorsBy(`typescript-${version}`, optionsOf(setting))).toBe('');
    },
  );
});
