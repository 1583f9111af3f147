'use strict';

/** A promise that whoever has this settles, as `Promise.withResolvers` makes it, which Node has from version 22 on. */
exports.deferred = function deferred() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};
