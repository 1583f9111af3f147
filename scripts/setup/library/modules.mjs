/** The library's modules as JavaScript that asks for others by their names. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../../../lib/setup/command.mjs';
import { inRoot, root } from '../paths.mjs';
import { exportsOf, indexCode } from './sourceIndex.mjs';

/** Which modules are loaded later, by the index that exports them; what nearly every program takes isn't among them. */
export const indexes = {
  index: (module) => !/^\.\/(data|mnist|runtime|tf)\b/.test(module),
  'tf/index': (module) => ['./graphUtil', './savedModel', './summary', './tfjs', './train'].includes(module),
};

/** What TypeScript's compiler leaves to helpers is asked for by this name. */
export const HELPERS = 'tslib';

/** Comments belong to the declarations; in the scripts they would be a sixth of what the package weighs. */
const scriptsAlone = [
  ['removeComments', 'true'],
  ['noCheck', 'true'],
  ['emitDeclarationOnly', 'false'],
  ['declaration', 'false'],
  ['composite', 'false'],
  ['incremental', 'false'],
  ['tsBuildInfoFile', 'null'],
  ['importHelpers', 'true'],
].flatMap(([option, value]) => [`--${option}`, value]);

/** By path: the `tsc` in node_modules/.bin may become another package's older one. */
export const compiler = inRoot('node_modules', 'typescript', 'bin', 'tsc');

/**
 * Compiles the library.
 *
 * @param lib its folder
 * @param folder where the compiled files may lie meanwhile
 * @returns by its name, each module's `code`, the names of those that it needs `atOnce`, what it `imports` when it needs that, and its `map`, which
 * leads to the source
 */
export async function compiledModules(lib, folder) {
  const words = [compiler, '-p', lib, '--outDir', folder, ...scriptsAlone];
  await run(process.execPath, words, { visible: true, cwd: root });
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.js'));
  const names = files.map((file) => file.slice(0, -'.js'.length).split(path.sep).join('/'));
  const find = (from, name) => {
    const stem = path.posix.join(path.posix.dirname(from), name).replace(/\.js$/, '');
    return [stem, `${stem}/index`].find((module) => names.includes(module));
  };
  const read = (name) => readFileSync(path.join(folder, name), 'utf8');
  const modules = names.map((name) => {
    if (Object.hasOwn(indexes, name)) {
      const entries = exportsOf(path.join(lib, 'src', `${name}.ts`));
      return [name, linked(name, indexCode(entries, indexes[name]), find)];
    }
    const code = read(`${name}.js`).replace(/^#!.*|\n\/\/# sourceMappingURL=.*$/g, '');
    const { sourceRoot: _, ...map } = JSON.parse(read(`${name}.js.map`));
    return [name, { ...linked(name, code, find), map: { ...map, sources: [`../src/${name}.ts`] } }];
  });
  const helpers = readFileSync(new URL('helpers.cjs', import.meta.url), 'utf8');
  return new Map([[HELPERS, { code: helpers, atOnce: [], imports: [] }], ...modules]);
}

/**
 * A module's code that asks for others by their names, by `__load`, and for what it imports when it needs that by `__import`. Packages, and files
 * beside `dist`, are required as before.
 *
 * @param find the name of the module that another one's code calls `./name`, or undefined
 * @returns with the names of the modules that it needs at once, and those of what it imports
 */
export function linked(name, code, find) {
  const [atOnce, imports] = [[], []];
  /** From `dist`, where the code will be. */
  const besideDist = (from) => {
    const there = path.posix.join(path.posix.dirname(name), from);
    if (!there.startsWith('../')) throw new Error(`${name} asks for ${from}, which isn't there`);
    return there;
  };
  const changed = code
    .replace(/\b(require|__load)\("(\.[^"]+|tslib)"\)/g, (_, how, from) => {
      const module = from === HELPERS ? from : find(name, from);
      if (module === undefined) return `require("${besideDist(from)}")`;
      if (how === 'require') atOnce.push(module);
      return `__load("${module}")`;
    })
    .replace(/\bimport\((?:'([^']+)'\))?/g, (_, from) => {
      if (from === undefined) return '__import(';
      const module = from.startsWith('.') ? find(name, from) : undefined;
      if (module !== undefined) return `Promise.resolve().then(() => __load("${module}"))`;
      imports.push(from.startsWith('.') ? besideDist(from) : from);
      return `__import("${imports.at(-1)}")`;
    });
  return { code: changed, atOnce, imports };
}
