/**
 * Gives the library's modules by their names, such as `tf/graph/graph`; each runs when it is first asked for. What V8 has compiled of the file that has
 * them is kept for the next process.
 */
const { existsSync } = require('node:fs');
const path = require('node:path');
const { isMainThread } = require('node:worker_threads');
const { requireKept } = require('../shared/compiledCode.cjs');

/** What the file holds, which tells those of other versions apart. */
const CONTENTS = '$CONTENTS';

/** A program that is an ES module takes all names of the library's index, and needs the code of all rooms; what is kept for others has little of most. */
const EDITION = `${CONTENTS}${require.main ? '' : ' all'}`;

const file = path.join(__dirname, 'modules.js');

/** A bundle has all that in a file of its own, of whose name bundlers tell one thing or another. */
const isBundled = path.basename(__filename) !== 'library.js' || !existsSync(file);

const { exports: modules, keep } = isBundled ? { exports: require('./modules.js') } : requireKept(file, EDITION);

module.exports = function load(name) {
  if (!Object.hasOwn(modules, name)) throw new Error(`tf-mechanics has no module ${name}`);
  if (name === 'index' && keep && isMainThread) whenEnding(keep); // others will need as much of it as this process
  return modules[name]();
};

/** Test runners load everything anew for each of their files. */
function whenEnding(work) {
  const known = Symbol.for(`tf-mechanics.keeps.${CONTENTS}`);
  if (process[known]) return;
  process[known] = true;
  process.once('exit', work);
}
