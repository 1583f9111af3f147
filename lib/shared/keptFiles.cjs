/**
 * Files in the user's cache that save the next process work, as compiled code does. They are worth no error: what can't be read isn't there, and what can't
 * be written is made again. Of each kind, those stay that were used last.
 */
'use strict';

const {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} = require('node:fs');
const path = require('node:path');
const { cacheFolder } = require('./libraryPlaces.cjs');

/** Where a file of this name is kept; undefined where the user has no home. */
exports.placeFor = function placeFor(name) {
  const cache = cacheFolder();
  return cache && path.join(cache, 'compiled', name);
};

/** What is in a file, which is used thereby; undefined where there is none. */
exports.readKept = function readKept(file) {
  try {
    const data = readFileSync(file);
    touch(file);
    return data;
  } catch {
    return undefined;
  }
};

/** Says that a file is used. */
function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // somebody else's
  }
}
exports.touch = touch;

/** Keeps a file as a whole, or not at all. */
exports.keep = function keep(file, data) {
  const pending = `${file}.${process.pid}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(pending, data);
    renameSync(pending, file);
  } catch {
    // a full disk, a folder of somebody else
  }
};

/** Throws away the files of a kind, which their names tell, but for so many that were used last. */
exports.prune = function prune(folder, isOfKind, most) {
  try {
    const files = readdirSync(folder)
      .filter(isOfKind)
      .map((name) => path.join(folder, name));
    const byUse = files.map((file) => ({ file, used: statSync(file).mtimeMs })).sort((a, b) => b.used - a.used);
    for (const { file } of byUse.slice(most)) rmSync(file, { force: true });
  } catch {
    // another process throws some away: later, then
  }
};
