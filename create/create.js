#!/usr/bin/env node
/** `npm create tf-mechanics my-project`: what `npx tf-mechanics new my-project` does. */
const path = require('node:path');

const { bin } = require('tf-mechanics/package.json');
process.argv.splice(2, 0, 'new');
require(path.join(path.dirname(require.resolve('tf-mechanics/package.json')), bin['tf-mechanics']));
