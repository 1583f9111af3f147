/**
 * Node's dynamic import, for ES modules too: code loaded from a V8 code cache, such as the library's, can't use
 * `import()` itself.
 */
'use strict';

exports.importFile = (href) => import(href);

exports.importSetup = () => import('../setup/index.mjs');
