'use strict';

/** A promise with its resolvers, like `Promise.withResolvers`, which needs Node 22. */
exports.deferred = function deferred() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};
