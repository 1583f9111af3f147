/** Parses an index module of the library: what it exports, and from where. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * The exports of a module that only re-exports, in order: `{ from, star }` is all of a module, `{ from, as }` a module
 * as a namespace, `{ from, name, as }` one of its names, and `{ from }` a module imported for its side effects.
 *
 * @throws {Error} when the module contains anything else
 */
export function exportsOf(file) {
  const ts = require('typescript-5.9'); // loaded on demand: the set-up, which installs it, imports this module
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
  return source.statements.flatMap((statement) => {
    const from = statement.moduleSpecifier?.text;
    if (ts.isImportDeclaration(statement) && !statement.importClause) return { from };
    if (!ts.isExportDeclaration(statement) || from === undefined)
      throw new Error(`${file} is an index: it only exports what other modules have`);
    const { exportClause: clause, isTypeOnly } = statement;
    if (isTypeOnly) return [];
    if (!clause) return { from, star: true };
    if (ts.isNamespaceExport(clause)) return { from, as: clause.name.text };
    const values = clause.elements.filter((element) => !element.isTypeOnly);
    return values.map(({ name, propertyName = name }) => ({ from, name: propertyName.text, as: name.text }));
  });
}

/**
 * The CommonJS code of an index. Modules for which `isLater` is true (`./notebook/plot`) are loaded on first use. A
 * module that is imported for its side effects is loaded right after the exported module in whose folder it lies.
 */
export function indexCode(entries, isLater) {
  const isRoom = ({ name, as }) => as !== undefined && name === undefined;
  const isEffect = ({ as, star }) => as === undefined && !star;
  const roomOf = (effect) => entries.find((entry) => isRoom(entry) && effect.startsWith(`${entry.from}/`))?.from ?? '';
  const effectsOf = (room) => entries.filter((entry) => isEffect(entry) && roomOf(entry.from) === room);
  const statement = (entry) => {
    const { from, name, as, star } = entry;
    if (star) return `defineAll(require("${from}"));`;
    if (isEffect(entry)) return isLater(roomOf(from)) ? '' : `require("${from}");`;
    const member = name === undefined ? '' : `.${name}`;
    if (!isLater(from))
      return isRoom(entry)
        ? `exports.${as} = require("${from}");`
        : `{ const module = require("${from}"); define("${as}", () => module${member}); }`;
    const effects = isRoom(entry) ? effectsOf(from) : [];
    const after = effects.map((effect) => `require("${effect.from}");`).join(' ');
    return `define("${as}", () => ${after ? `{ const room = require("${from}"); ${after} return room; }` : `require("${from}")${member}`});`;
  };
  return `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const define = (name, get) => Object.defineProperty(exports, name, { enumerable: true, get });
const defineAll = (module) => {
  for (const name of Object.keys(module)) if (!Object.hasOwn(exports, name)) define(name, () => module[name]);
};
${entries.map(statement).filter(Boolean).join('\n')}
`;
}
