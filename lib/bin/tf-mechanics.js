#!/usr/bin/env node
/**
 * The program that npm links as `tf-mechanics`. It isn't a compiled file, since npm creates links during installation,
 * before anything is compiled.
 */
const { existsSync } = require('node:fs');
const path = require('node:path');

const program = path.join(__dirname, '..', 'dist', 'cli', 'main.js');
if (existsSync(program)) {
  require(program);
} else {
  console.error(`error: tf-mechanics is not compiled yet: run npm run setup in ${path.join(__dirname, '..', '..')}`);
  process.exitCode = 1;
}
