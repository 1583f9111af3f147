import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { withRoomsLater } from './laterRooms.mjs';
import { inRoot } from './paths.mjs';

const library = inRoot('lib', 'dist', 'index.js');

/** What a program prints as JSON; `loaded` are the library's rooms of which modules have been loaded. */
function printed(program, type = 'commonjs') {
  const script = `
    const { createRequire } = await import('node:module');
    const load = createRequire(${JSON.stringify(library)});
    const folder = ${JSON.stringify(`${inRoot('lib', 'dist')}/`)};
    const places = () => Object.keys(load.cache).filter((file) => file.startsWith(folder));
    const loaded = () => [...new Set(places().map((file) => file.slice(folder.length).split('/')[0]))].sort();
    ${type === 'commonjs' ? `const library = load(${JSON.stringify(library)});` : `const library = await import(${JSON.stringify(library)});`}
    console.log(JSON.stringify(${program}));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
}

describe('the index of the library', () => {
  it('loads most rooms when they are first taken', () => {
    const rooms = printed('[loaded(), typeof library.plot.scalars, loaded()]');
    expect(rooms).toEqual([
      ['data', 'index.js', 'mnist', 'models', 'protos', 'runtime', 'tf'], // of the models only the types of their names
      'function',
      ['data', 'hyperparameters', 'index.js', 'mnist', 'models', 'notebook', 'protos', 'runtime', 'tf'],
    ]);
  });

  it('knows its own models as soon as somebody asks for models', () => {
    expect(printed('library.models.modelNames()')).toEqual(['fully_connected', 'convnet', 'softmax_regression']);
  });

  it('has the same names, and the same things by them, for ES modules', () => {
    const [names, ofModules] = ['commonjs', 'module'].map((type) =>
      printed('Object.keys(library).filter((name) => library[name] !== undefined).sort()', type),
    );
    expect(names.length).toBeGreaterThan(25);
    expect(ofModules.filter((name) => !['default', '__esModule', 'module.exports'].includes(name))).toEqual(names);
  });
});

it('leaves what trains in other ways than by a loop of steps to those who ask for it', () => {
  const isLoaded = "places().some((file) => file.includes('/tf/train/monitored/'))";
  expect(printed(`[${isLoaded}, typeof library.tf.train.MonitoredSession, ${isLoaded}]`)).toEqual([
    false,
    'function',
    true,
  ]);
});

describe('an index whose rooms are loaded later', () => {
  const compiled = `exports.tf = exports.plot = void 0;
require("./runtime/first");
exports.plot = __importStar(require("./plot"));
var one_1 = require("./one");
Object.defineProperty(exports, "one", { enumerable: true, get: function () { return one_1.one; } });
exports.tf = __importStar(require("./tf"));
require("./plot/effect");
`;

  it('runs what it imports only for what that does, with the room where there is one', () => {
    const order = [];
    const modules = { './plot': { isPlot: true }, './one': { one: 1 }, './tf': { isTf: true } };
    const exports = {};
    const load = (name) => {
      order.push(name);
      return modules[name];
    };
    new Function(
      'exports',
      'require',
      '__importStar',
      withRoomsLater(compiled, (module) => module !== './tf'),
    )(exports, load, (module) => module);
    expect(order).toEqual(['./runtime/first', './tf']);
    expect([exports.plot, exports.one, exports.tf]).toEqual([{ isPlot: true }, 1, { isTf: true }]);
    expect(order.slice(2)).toEqual(['./plot', './plot/effect', './one']);
  });
});
