/** Rooms of the library that are loaded when they are first taken from its index. */
import { readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';

/** Which modules are loaded later, by the index that exports them; what nearly every program takes isn't among them. */
const indexes = {
  'index.js': (module) => !/^\.\/(data|mnist|runtime|tf)\b/.test(module),
  'tf/index.js': (module) => ['./graphUtil', './savedModel', './summary', './tfjs', './train'].includes(module),
};

/** Changes indexes in lib/dist: a program that trains a network needs less than half of the library's modules for its first step. */
export function loadRoomsLater() {
  for (const [name, isLater] of Object.entries(indexes)) {
    const file = inRoot('lib', 'dist', name);
    writeFileSync(file, withRoomsLater(readFileSync(file, 'utf8'), isLater));
  }
}

/** `export * as plot from './notebook/plot'`, `export { display } from './notebook/display'` and `import './models/registry'`, compiled. */
const ROOM = /^exports\.(\w+) = __importStar\((require\("([^"]+)"\))\);\n/gm;
const NAMES = /^var \w+ = (require\("([^"]+)"\));\n((?:Object\.defineProperty\(.*\n)+)/gm;
const EFFECT = /^(require\("(\.\/\w+)\/[^"]+"\));\n/gm;

/**
 * An index, as TypeScript makes CommonJS of it, that loads what it exports when that is first taken. What is imported only for what it does
 * is loaded after the room in whose folder it is.
 *
 * `isLater` tells it of a module, as the index names that. ES modules that import the index take all of its names from it, so for them all
 * is loaded at once.
 */
export function withRoomsLater(code, isLater) {
  const effects = new Map([...code.matchAll(EFFECT)].map(([, load, folder]) => [folder, load]));
  const rooms = new Set([...code.matchAll(ROOM)].map(([, , , room]) => room).filter(isLater));
  const names = [];
  const accessor = (name, statements) => {
    names.push(name);
    return `later("${name}", function () { ${statements} });\n`;
  };
  const changed = code
    .replace(EFFECT, (statement, _load, folder) => (rooms.has(folder) ? '' : statement))
    .replace(ROOM, (statement, name, load, room) => {
      if (!rooms.has(room)) return statement;
      return accessor(
        name,
        effects.has(room) ? `var room = ${load}; ${effects.get(room)}; return room;` : `return ${load};`,
      );
    })
    .replace(NAMES, (statement, load, module, ofModule) => {
      if (!isLater(module)) return statement;
      const own = [...ofModule.matchAll(/"(\w+)", .* return \w+\.(\w+);/g)];
      return own.map(([, name, nameThere]) => accessor(name, `return ${load}.${nameThere};`)).join('');
    });
  // By the last line, which never runs, Node knows the names when an ES module imports them.
  return `${changed}function later(name, get) { Object.defineProperty(exports, name, { enumerable: true, get: get }); }
0 && (module.exports = { ${names.join(', ')} });
`;
}
