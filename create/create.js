#!/usr/bin/env node
/** `npm create tf-mechanics my-project`: the same as `npx tf-mechanics new my-project`. */
const path = require('node:path');

const { bin } = require('tf-mechanics/package.json');
process.argv.splice(2, 0, 'new');
require(path.join(path.dirname(require.resolve('tf-mechanics/package.json')), bin['tf-mechanics']));
