/** What Node imports, be it an ES module: V8 knows no way there from code that it has kept, which the library's is. */
'use strict';

exports.importFile = (href) => import(href);

exports.importSetup = () => import('../setup/index.mjs');
