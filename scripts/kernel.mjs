/** `npm run kernel -- install`: makes the TypeScript kernel known to a Jupyter or VS Code on this machine; `-- help` says how. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setUpForRunning } from './setup/index.mjs';
import {
  defaultName,
  environmentData,
  installedSpec,
  installSpec,
  specFolder,
  uninstallSpec,
  userData,
} from './setup/kernelSpec.mjs';
import { inRoot } from './setup/paths.mjs';

const help = `npm run kernel -- install [options]     makes the TypeScript kernel known to Jupyter
npm run kernel -- uninstall [options]   undoes that
npm run kernel -- list [options]        says where it is installed

  --user           for your own Jupyter and VS Code
  --prefix <dir>   for the Python environment in this folder
                   without these: for the project's .venv, or as --user where there is none
  --name <name>    Jupyter's name of the kernel (default: ${defaultName})`;

/** Where Jupyter looks for kernels: the folder, and whose it is. */
const environment = { data: environmentData, whose: "for the project's .venv" };
const user = () => ({ data: userData(), whose: 'for you' });
const prefix = (folder) => ({ data: path.join(folder, 'share', 'jupyter'), whose: `for ${folder}` });
const byDefault = () => (existsSync(inRoot('.venv')) ? environment : user());

/** A command that makes no sense; said in one line. */
class UsageError extends Error {}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message} (npm run kernel -- help)`);
  process.exitCode = 2;
}

async function main(args) {
  const { command, name, place } = parse(args);
  if (command === 'help') return console.log(help);
  if (command === 'install') await install(place, name);
  else if (command === 'uninstall') uninstall(place, name);
  else list(place ? [place] : [environment, user()], name);
}

function parse(args) {
  const options = {
    user: { type: 'boolean' },
    prefix: { type: 'string' },
    name: { type: 'string' },
    help: { type: 'boolean' },
  };
  const { values, positionals } = parsed(args, options);
  const [command = 'help', ...others] = values.help ? ['help'] : positionals;
  if (!['install', 'uninstall', 'list', 'help'].includes(command) || others.length)
    throw new UsageError(`expected install, uninstall or list, not ${positionals.join(' ')}`);
  const { name = defaultName } = values;
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name))
    throw new UsageError(`--name may have small letters, digits and . _ - in it, not ${JSON.stringify(name)}`);
  if (values.user && values.prefix !== undefined) throw new UsageError('either --user or --prefix, not both');
  if (values.prefix === '') throw new UsageError('--prefix needs a folder');
  // npm starts scripts in the repository; INIT_CWD is where its user is.
  const place = values.user ? user() : values.prefix && prefix(path.resolve(process.env.INIT_CWD ?? '', values.prefix));
  return { command, name, place };
}

function parsed(args, options) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error.message.split('. ')[0]);
  }
}

async function install({ data, whose } = byDefault(), name) {
  if (!(await setUpForRunning())) return;
  console.log(`installed ${name} ${whose}: ${await installSpec(data, name)}`);
}

function uninstall({ data, whose } = byDefault(), name) {
  if (uninstallSpec(data, name)) {
    console.log(`uninstalled ${name} ${whose}: ${specFolder(data, name)}`);
  } else {
    console.error(`there is no kernel of tf-mechanics in ${specFolder(data, name)}`);
    process.exitCode = 1;
  }
}

function list(places, name) {
  const found = places.filter(({ data }) => installedSpec(data, name));
  for (const { data, whose } of found) console.log(`${name} ${whose}: ${specFolder(data, name)}`);
  if (!found.length) console.log(`${name} is not installed`);
}
