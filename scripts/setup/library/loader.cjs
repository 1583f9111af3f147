/**
 * Returns the library's modules by name, such as `tf/graph/graph`; each is executed on first use. The code cache of
 * their file is kept for later processes.
 */
const { existsSync } = require('node:fs');
const path = require('node:path');
const { isMainThread } = require('node:worker_threads');
const { requireKept } = require('../shared/compiledCode.cjs');

/** A hash of the file's contents, which distinguishes versions. */
const CONTENTS = '$CONTENTS';

/**
 * ES module programs read all names of the library's index and thus need the code of all modules; the cache of other
 * programs contains little of most, so there are two.
 */
const EDITION = `${CONTENTS}${require.main ? '' : ' all'}`;

const file = path.join(__dirname, 'modules.js');

/** In an application's bundle everything is in one file, whose name bundlers report differently. */
const isBundled = path.basename(__filename) !== 'library.js' || !existsSync(file);

const { exports: modules, keep } = isBundled ? { exports: require('./modules.js') } : requireKept(file, EDITION);

module.exports = function load(name) {
  if (!Object.hasOwn(modules, name)) throw new Error(`tf-mechanics has no module ${name}`);
  if (name === 'index' && keep && isMainThread) whenEnding(keep); // other processes will need about as much of it as this one
  return modules[name]();
};

/** Runs `work` at the end of the process. Test runners load everything again for each of their files. */
function whenEnding(work) {
  const known = Symbol.for(`tf-mechanics.keeps.${CONTENTS}`);
  if (process[known]) return;
  process[known] = true;
  process.once('exit', work);
}
