/** `tf-mechanics new`: creates a project from a template. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command, Option } from 'commander';
import { importSetup } from '../../shared/imports.cjs';
import { checkPath } from '../runtime/arguments';
import { AlreadyExistsError, InvalidArgumentError, UnavailableError } from '../runtime/errors';
import { optionalPackages } from '../runtime/optionalPackages';
import { ownVersion } from '../runtime/version';

/** The folder of the templates, next to which a folder contains their common files. */
const folder = path.join(__dirname, '..', '..', 'templates');
const COMMON = 'all';

/** One-line descriptions of the templates. */
const templates = {
  classifier: 'tells classes apart: irises by their measures',
  regressor: 'tells numbers: the width of petals',
  notebook: 'a notebook and its data, without a command line',
} as const;

type Template = keyof typeof templates;

interface NewFlags {
  template?: Template;
  yes?: boolean;
  install: boolean;
}

export function newCommand(): Command {
  const names = Object.keys(templates);
  return new Command('new')
    .description('create a project in a new folder: a model, its data, a search, tests and a notebook')
    .argument('<folder>', "the folder, whose name is the project's")
    .addOption(new Option('--template <name>', 'the template of the project (default: classifier)').choices(names))
    .option('--yes', 'ask nothing')
    .option('--no-install', "don't run npm install in it")
    .allowExcessArguments(false)
    .action(makeProject);
}

async function makeProject(place: string, flags: NewFlags): Promise<void> {
  checkPath('the folder', place);
  const target = path.resolve(place);
  const name = projectName(target);
  checkFree(target);
  const { template, install } = await chosen(flags);
  const files = await copyTemplate(template, name, target);
  console.log(`${place}: ${files} files from the template ${template} (${templates[template]})`);
  if (install) await npmInstall(target, place);
  const first =
    template === 'notebook' ? 'npm start       # opens the notebook' : 'npm start       # trains for the first time';
  const steps = [...(install ? [] : ['npm install']), first, 'npm test'];
  console.log(['Go on with:', `  cd ${place}`, ...steps.map((step) => `  ${step}`)].join('\n'));
}

/** @throws {InvalidArgumentError} when the folder's name isn't a valid package name */
function projectName(target: string): string {
  const name = path.basename(target);
  if (/^[a-z0-9][a-z0-9._-]*$/.test(name) && name.length <= 214) return name;
  throw new InvalidArgumentError(
    `the folder's name is the project's, of small letters, digits and . _ -, not ${JSON.stringify(name)}`,
  );
}

/** @throws {AlreadyExistsError} when the target exists already and would be overwritten */
function checkFree(target: string): void {
  if (!existsSync(target)) return;
  if (!statSync(target).isDirectory()) throw new AlreadyExistsError(`${target} is a file: name a new folder`);
  const [found] = readdirSync(target);
  if (found !== undefined)
    throw new AlreadyExistsError(`${target} has ${found} in it: name a new folder, or an empty one`);
}

/** The choices given by the flags, or asked for in a terminal. */
async function chosen({ template, yes, install }: NewFlags): Promise<{ template: Template; install: boolean }> {
  if (yes || !process.stdin.isTTY || !process.stdout.isTTY) return { template: template ?? 'classifier', install };
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<never>((_, reject) =>
    terminal.once('close', () => reject(new UnavailableError('nothing was made: no answer came'))),
  );
  ended.catch(() => {});
  const ask = (question: string) => Promise.race([terminal.question(question), ended]);
  try {
    return {
      template: template ?? (await askTemplate(ask)),
      install: install && !/^n/i.test(await ask('Run npm install in it? (yes) ')),
    };
  } finally {
    terminal.close();
  }
}

async function askTemplate(ask: (question: string) => Promise<string>): Promise<Template> {
  const lines = Object.entries(templates).map(([name, what]) => `  ${name.padEnd(12)}${what}`);
  for (;;) {
    const answer = (await ask(`${lines.join('\n')}\nTemplate? (classifier) `)).trim().toLowerCase() || 'classifier';
    const names = (Object.keys(templates) as Template[]).filter((name) => name.startsWith(answer));
    if (names.length === 1) return names[0]!;
    console.log(`There is no template ${answer}.`);
  }
}

/** Copies a template to a folder next to the target and then renames it: completely or not at all. */
async function copyTemplate(template: Template, name: string, target: string): Promise<number> {
  const { withTemporaryFolder } = await importSetup();
  return withTemporaryFolder(target, (made) => {
    for (const part of [COMMON, template]) cpSync(path.join(folder, part), made, { recursive: true });
    renameSync(path.join(made, 'gitignore'), path.join(made, '.gitignore')); // npm doesn't pack files named .gitignore
    const files = readdirSync(made, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const words = wordsFor(name);
    for (const entry of files) fillIn(path.join(entry.parentPath, entry.name), words);
    if (existsSync(target)) rmdirSync(target);
    renameSync(made, target);
    return files.length;
  });
}

/** Fills in the project's name and the versions of its dependencies. */
function fillIn(file: string, words: Readonly<Record<string, string>>): void {
  const text = readFileSync(file, 'utf8');
  const filled = Object.entries(words).reduce((before, [word, value]) => before.replaceAll(word, value), text);
  if (filled !== text) writeFileSync(file, filled);
}

/**
 * The replacements in templates. A dependency on this repository's packages gets their version or, in a clone of the
 * repository, the path of the clone.
 */
function wordsFor(name: string): Record<string, string> {
  const own = path.join(__dirname, '..', '..');
  const optional = optionalPackages();
  const isInstalled = own.split(path.sep).includes('node_modules');
  const version = `^${ownVersion()}`;
  return {
    PROJECT_NAME: name,
    LIBRARY_VERSION: isInstalled ? version : `file:${own}`,
    KERNEL_VERSION: isInstalled ? version : `file:${path.join(own, '..', 'kernel')}`,
    PLOTLY_VERSION: optional['plotly.js-dist']!,
    JSDOM_VERSION: optional.jsdom!,
    CANVAS_VERSION: optional['@napi-rs/canvas']!,
    FONT_VERSION: optional['@expo-google-fonts/open-sans']!,
  };
}

function npmInstall(folder: string, place: string): Promise<void> {
  console.log(`${place}: npm install`);
  const child = spawn('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(
            new UnavailableError(
              `the project is made, but npm install failed in it (see above): run it again in ${place}`,
            ),
          ),
    );
  });
}
