/** `tf-mechanics kernel`: installs and uninstalls the TypeScript kernel for Jupyter and VS Code on this machine. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { importSetup } from '../../shared/imports.cjs';
import { PLOTLY, plotlyFile } from '../notebook/figure/plotlyFile';
import { environmentsAround } from '../notebook/tensorboard/command';

/** A place where Jupyter looks for kernels: its data folder, and whose it is. */
export interface KernelPlace {
  readonly data: string;
  readonly whose: string;
}

interface Options {
  readonly user?: boolean;
  readonly prefix?: string;
  readonly name?: string;
}

export function kernelCommand(): Command {
  const command = new Command('kernel')
    .description('install the TypeScript kernel for Jupyter and VS Code')
    .helpCommand(false);
  const subcommand = (name: string, description: string, action: (options: Options) => Promise<void>) =>
    command
      .command(name)
      .description(description)
      .addOption(new Option('--user', 'for your own Jupyter and VS Code').conflicts('prefix'))
      .option(
        '--prefix <folder>',
        "for the Python environment in this folder (default: the project's .venv, or --user)",
        folder,
      )
      .option('--name <name>', "Jupyter's name of the kernel (default: tf-mechanics)", kernelName)
      .allowExcessArguments(false)
      .action(action);
  subcommand('install', 'install the kernel', install);
  subcommand('list', 'say where it is installed', list);
  subcommand('uninstall', 'undo that', uninstall);
  return command;
}

function folder(text: string): string {
  if (text === '') throw new InvalidArgumentError('It must be a folder.');
  return text;
}

function kernelName(text: string): string {
  if (/^[a-z0-9][a-z0-9._-]*$/.test(text)) return text;
  throw new InvalidArgumentError('It may have small letters, digits and . _ - in it.');
}

async function install({ name, ...options }: Options): Promise<void> {
  const { findKernel, installSpec } = await importSetup();
  const { data, whose } = (await placeOf(options)) ?? (await defaultPlace());
  const kernel = findKernel();
  const plotly = installedPlotly();
  const folder = await installSpec(data, { kernel, plotly }, name);
  console.log(`installed ${path.basename(folder)} ${whose}: ${folder}`);
  if (plotly === undefined)
    console.error(
      `Figures in its notebooks are pictures without ${PLOTLY}: npm install ${PLOTLY}, and install the kernel again`,
    );
}

function installedPlotly(): string | undefined {
  try {
    return plotlyFile();
  } catch {
    return undefined; // an optional peer dependency
  }
}

async function uninstall({ name, ...options }: Options): Promise<void> {
  const { defaultName, specFolder, uninstallSpec } = await importSetup();
  const { data, whose } = (await placeOf(options)) ?? (await defaultPlace());
  if (uninstallSpec(data, name)) {
    console.log(`uninstalled ${name ?? defaultName} ${whose}: ${specFolder(data, name)}`);
  } else {
    console.error(`there is no kernel of tf-mechanics in ${specFolder(data, name)}`);
    process.exitCode = 1;
  }
}

async function list({ name, ...options }: Options): Promise<void> {
  const { defaultName, installedNames, installedSpec, missingOf, specFolder } = await importSetup();
  const place = await placeOf(options);
  const found = (place ? [place] : await kernelPlaces()).flatMap(({ data, whose }) =>
    installedNames(data)
      .filter((installed) => name === undefined || installed === name)
      .map((installed) => {
        const gone = missingOf(installedSpec(data, installed)!);
        const remark = gone === undefined ? '' : ` (it can't start, for ${gone} is gone: install it again)`;
        return `${installed} ${whose}: ${specFolder(data, installed)}${remark}`;
      }),
  );
  console.log(found.length > 0 ? found.join('\n') : `${name ?? defaultName} is not installed`);
}

/** The place given by the flags, if any. */
async function placeOf({ user, prefix }: Options): Promise<KernelPlace | undefined> {
  if (user) return userPlace();
  return prefix === undefined ? undefined : environmentPlace(path.resolve(prefix));
}

async function defaultPlace(): Promise<KernelPlace> {
  return (await kernelPlaces())[0]!;
}

/**
 * The places where the user may have installed this project's kernel: the project's `.venv`, if it exists, and the
 * user's own data folder.
 */
export async function kernelPlaces(): Promise<KernelPlace[]> {
  const environment = environmentsAround(process.cwd()).find((folder) => existsSync(folder));
  if (environment === undefined) return [await userPlace()];
  const own = await userPlace().catch(() => undefined); // there may be no home folder
  return [await environmentPlace(environment), ...(own ? [own] : [])];
}

async function userPlace(): Promise<KernelPlace> {
  return { data: (await importSetup()).userData(), whose: 'for you' };
}

async function environmentPlace(folder: string): Promise<KernelPlace> {
  return { data: (await importSetup()).environmentData(folder), whose: `for ${folder}` };
}
