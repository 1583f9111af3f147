/** Module namespaces: the value of `import * as x`. */
import { inspect, types } from 'node:util';

/** How importers see a module's exports: by Node's rules for ECMAScript modules, or by the compiler's for CommonJS. */
export type Interop = 'node' | 'compiled';

/** One namespace per module, so that all importers get the same object. */
const made = new WeakMap<object, object>();

/**
 * The namespace of a `require`d value. By Node's rules, the `default` of a CommonJS module is its whole `exports`; the
 * other names are its properties.
 *
 * @param isWhole whether the module has finished running; in import cycles it may not have
 */
export function namespaceOf(required: unknown, interop: Interop, isWhole = true): object {
  if (isNamespace(required)) {
    // For a module with a default export, Node's `require` returns an object with an additional name.
    return '__esModule' in required ? once(required, () => view(required, namesOf(required, '__esModule'))) : required;
  }
  if (interop === 'compiled' && isObject(required) && '__esModule' in required && required.__esModule) return required;
  if (!isObject(required)) return view({ default: required }, ['default']);
  const ofAll = () => {
    const names = namesOf(required, 'default');
    if (required.__esModule && !names.includes('__esModule')) names.push('__esModule');
    return view(required, names, { default: required });
  };
  return isWhole ? once(required, ofAll) : ofAll();
}

/** The namespace of an ECMAScript module that the kernel compiled, with live bindings. */
export function moduleNamespace(exports: object): object {
  return once(exports, () => view(exports as Values, Object.keys(exports), {}, true));
}

/** The namespace of a JSON file. */
export function jsonNamespace(value: unknown, interop: Interop): object {
  return interop === 'compiled' && isObject(value) ? namespaceOf(value, 'node') : view({ default: value }, ['default']);
}

const isNamespace = (value: unknown): value is Values => types.isModuleNamespaceObject(value);

/** Binds a variable to a module's export: a live binding, except for CommonJS, whose values are copied. */
export function share(variables: Values, name: string, namespace: Values, exported: string): void {
  const get = () => namespace[exported];
  const property = snapshots.has(namespace) ? { value: get(), writable: true } : { get };
  Object.defineProperty(variables, name, { enumerable: true, configurable: true, ...property });
}

/** Makes exports throw until they are initialized, as Node's do, since modules in a cycle may read them early. */
export function late(exports: object, ...names: readonly string[]): void {
  for (const name of names) {
    let isSet = false;
    Object.defineProperty(exports, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        if (!isSet) throw new ReferenceError(`Cannot access '${name}' before initialization`);
        return (exports as Values)[name]; // the current value: code that copied this accessor, as `export *` does, reads it here
      },
      set: (value: unknown) => {
        isSet = true;
        Object.defineProperty(exports, name, { enumerable: true, configurable: true, writable: true, value });
      },
    });
  }
}

/**
 * Makes V8 read a finished module's exports fast: an object whose accessors were replaced by values stays in dictionary
 * mode until it has served as a prototype.
 */
export function settle(exports: object): void {
  const asked: Values = Object.create(exports);
  for (let i = 0; i < ASKED; i++) void asked.__esModule;
}

const ASKED = 20;

/** Namespaces whose values don't change. */
const snapshots = new WeakSet<object>();

type Values = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Values =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** The names of a module's exports, except for one. */
const namesOf = (exports: object, without: string) => Object.keys(exports).filter((name) => name !== without);

function once(exports: object, make: () => object): object {
  const known = made.get(exports);
  if (known) return known;
  const namespace = make();
  made.set(exports, namespace);
  return namespace;
}

/**
 * An object with some of a module's exports, in their order: live bindings if `isLive`, otherwise their current values;
 * accessors are evaluated on access.
 */
function view(exports: Values, names: readonly string[], more: Values = {}, isLive = isNamespace(exports)): object {
  const namespace: object = Object.create(null);
  for (const name of [...names, ...Object.keys(more)].sort()) {
    const from = name in more ? more : exports;
    const isAccessor = isLive || Object.getOwnPropertyDescriptor(from, name)?.get !== undefined;
    const value = isAccessor ? { get: () => from[name] } : { value: from[name] };
    Object.defineProperty(namespace, name, { enumerable: true, ...value });
  }
  if (!isLive) snapshots.add(namespace);
  return Object.preventExtensions(
    Object.defineProperties(namespace, {
      [Symbol.toStringTag]: { value: 'Module' },
      // Node prints a module with the values of its accessors.
      [inspect.custom]: {
        value: (_: number, options: object) => `[Module: null prototype] ${inspect({ ...namespace }, options)}`,
      },
    }),
  );
}
