/** What TypeScript's compiler has modules ask `tslib` for, one for all of them. */

/** An ES module that was compiled, or what stands for one in a CommonJS module's place. */
exports.__importDefault = (module) => (module?.__esModule ? module : { default: module });

exports.__importStar = (module) =>
  module?.__esModule ? module : Object.create(module, { default: { value: module, enumerable: true } });

exports.__exportStar = (module, exports) => {
  for (const name of Object.keys(module))
    if (name !== 'default' && !Object.hasOwn(exports, name))
      Object.defineProperty(exports, name, { enumerable: true, get: () => module[name] });
};

/** `using` and `await using`: `scope.stack` has what is to be disposed of. */
exports.__addDisposableResource = (scope, value, isAsync) => {
  if (value === null || value === undefined) {
    if (isAsync) scope.stack.push({ isAsync });
    return value;
  }
  const method = (isAsync && value[Symbol.asyncDispose]) || value[Symbol.dispose];
  if (typeof method !== 'function') throw new TypeError('what is used can not be disposed of');
  scope.stack.push({ isAsync, dispose: () => method.call(value) });
  return value;
};

exports.__disposeResources = (scope) => {
  const failed = (error) => {
    scope.error = scope.hasError ? suppressed(error, scope.error) : error;
    scope.hasError = true;
  };
  const next = () => {
    for (let resource = scope.stack.pop(); resource; resource = scope.stack.pop()) {
      const { dispose = () => {}, isAsync } = resource;
      if (isAsync) return new Promise((resolve) => resolve(dispose())).catch(failed).then(next);
      try {
        dispose();
      } catch (error) {
        failed(error);
      }
    }
    if (scope.hasError) throw scope.error;
  };
  return next();
};

function suppressed(error, before) {
  const message = 'an error was suppressed by the one of an end';
  if (globalThis.SuppressedError) return new globalThis.SuppressedError(error, before, message);
  return Object.assign(new Error(message), { name: 'SuppressedError', error, suppressed: before });
}
