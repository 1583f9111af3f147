/**
 * Files in the user's cache that save later processes work, such as code caches. They never cause errors: unreadable
 * files count as missing, and files that can't be written are created again next time. Of each kind, the most recently
 * used are kept.
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

/** The path for a file of this name; undefined if the user has no home folder. */
exports.placeFor = function placeFor(name) {
  const cache = cacheFolder();
  return cache && path.join(cache, 'compiled', name);
};

/** Reads a file and marks it as used; undefined if there is none. */
exports.readKept = function readKept(file) {
  try {
    const data = readFileSync(file);
    touch(file);
    return data;
  } catch {
    return undefined;
  }
};

/** Marks a file as used. */
function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // it belongs to another user
  }
}
exports.touch = touch;

/** Writes a file atomically. */
exports.keep = function keep(file, data) {
  const pending = `${file}.${process.pid}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(pending, data);
    renameSync(pending, file);
  } catch {
    // the disk is full, or the folder belongs to another user
  }
};

/** Deletes the files of a kind, recognized by their names, except for the most recently used. */
exports.prune = function prune(folder, isOfKind, most) {
  try {
    const files = readdirSync(folder)
      .filter(isOfKind)
      .map((name) => path.join(folder, name));
    const byUse = files.map((file) => ({ file, used: statSync(file).mtimeMs })).sort((a, b) => b.used - a.used);
    for (const { file } of byUse.slice(most)) rmSync(file, { force: true });
  } catch {
    // another process is deleting some
  }
};
