/** Rooms of the library that are loaded when they are first taken from its index. */
import { readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';

/** What nearly every program takes: these rooms are loaded with the index. */
const atOnce = ['./tf', './data', './mnist'];

/** Has lib/dist/index.js load the others later: a program that trains a network needs little more than half of the modules for its first step. */
export function loadRoomsLater() {
  const file = inRoot('lib', 'dist', 'index.js');
  writeFileSync(file, withRoomsLater(readFileSync(file, 'utf8')));
}

/** `export * as plot from './notebook/plot'`, `export { display } from './notebook/display'` and `import './models/registry'`, compiled. */
const ROOM = /^exports\.(\w+) = __importStar\((require\("([^"]+)"\))\);\n/gm;
const NAMES = /^var (\w+) = (require\("[^"]+"\));\n((?:Object\.defineProperty\(.*\n)+)/gm;
const EFFECT = /^(require\("(\.\/\w+)\/[^"]+"\));\n/gm;

/**
 * An index, as TypeScript makes CommonJS of it, that loads what it exports when that is first taken. What is imported only for what it does
 * is loaded after the room in whose folder it is.
 *
 * ES modules that import the index take all of its names from it, so for them all is loaded at once.
 */
export function withRoomsLater(code) {
  const effects = new Map([...code.matchAll(EFFECT)].map(([, load, folder]) => [folder, load]));
  const later = new Set([...code.matchAll(ROOM)].map(([, , , room]) => room).filter((room) => !atOnce.includes(room)));
  const names = [];
  const accessor = (name, statements) => {
    names.push(name);
    return `later("${name}", function () { ${statements} });\n`;
  };
  const changed = code
    .replace(EFFECT, (statement, _load, folder) => (later.has(folder) ? '' : statement))
    .replace(ROOM, (statement, name, load, room) => {
      if (!later.has(room)) return statement;
      return accessor(
        name,
        effects.has(room) ? `var room = ${load}; ${effects.get(room)}; return room;` : `return ${load};`,
      );
    })
    .replace(NAMES, (_statement, _variable, load, ofModule) =>
      [...ofModule.matchAll(/"(\w+)", .* return \w+\.(\w+);/g)]
        .map(([, name, own]) => accessor(name, `return ${load}.${own};`))
        .join(''),
    );
  // By the last line, which never runs, Node knows the names when an ES module imports them.
  return `${changed}function later(name, get) { Object.defineProperty(exports, name, { enumerable: true, get: get }); }
0 && (module.exports = { ${names.join(', ')} });
`;
}
