/** What `import * as x` gives of a module. */
import { inspect, types } from 'node:util';

/** What of a module's values an importer has: Node's rules for ECMAScript modules, or the compiler's for CommonJS. */
export type Interop = 'node' | 'compiled';

/** Made once for each module, so that it is the same for all that import it. */
const made = new WeakMap<object, object>();

/**
 * The namespace of what `require` gives: as Node has it, a CommonJS module's `default` is all of it, and its other names are what it
 * has.
 *
 * @param isWhole whether the module has come to its end; one that imports itself by others hasn't
 */
export function namespaceOf(required: unknown, interop: Interop, isWhole = true): object {
  if (isNamespace(required)) {
    // Of a module with a default, `require` gives one with a name more.
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

/** The namespace of an ECMAScript module that was compiled here: its names have the values that they have there at any time. */
export function moduleNamespace(exports: object): object {
  return once(exports, () => view(exports as Values, Object.keys(exports), {}, true));
}

/** The namespace of a file of JSON. */
export function jsonNamespace(value: unknown, interop: Interop): object {
  return interop === 'compiled' && isObject(value) ? namespaceOf(value, 'node') : view({ default: value }, ['default']);
}

const isNamespace = (value: unknown): value is Values => types.isModuleNamespaceObject(value);

/**
 * Has a variable be a name of a module: whatever that has by it, also later, unless it is CommonJS, of which an importer has the values that
 * there were.
 */
export function share(variables: Values, name: string, namespace: Values, exported: string): void {
  const get = () => namespace[exported];
  const property = snapshots.has(namespace) ? { value: get(), writable: true } : { get };
  Object.defineProperty(variables, name, { enumerable: true, configurable: true, ...property });
}

/** Has names of a module that hasn't run yet throw as Node's do until they have their values: modules that import each other may ask early. */
export function late(exports: object, ...names: readonly string[]): void {
  for (const name of names) {
    let isSet = false;
    Object.defineProperty(exports, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        if (!isSet) throw new ReferenceError(`Cannot access '${name}' before initialization`);
        return (exports as Values)[name]; // its value by now: whoever has taken over this accessor, as `export *` does, asks here
      },
      set: (value: unknown) => {
        isSet = true;
        Object.defineProperty(exports, name, { enumerable: true, configurable: true, writable: true, value });
      },
    });
  }
}

/**
 * Has V8 find the names of a module that has run as fast as it can: an object whose accessors have become values is a dictionary to it until
 * it has been the prototype of one that is asked some times.
 */
export function settle(exports: object): void {
  const asked: Values = Object.create(exports);
  for (let i = 0; i < ASKED; i++) void asked.__esModule;
}

const ASKED = 20;

/** Namespaces whose names keep their values. */
const snapshots = new WeakSet<object>();

type Values = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Values =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** The names of what a module exports, but for one that it doesn't. */
const namesOf = (exports: object, without: string) => Object.keys(exports).filter((name) => name !== without);

function once(exports: object, make: () => object): object {
  const known = made.get(exports);
  if (known) return known;
  const namespace = make();
  made.set(exports, namespace);
  return namespace;
}

/** An object that has some names of a module, in their order, with their values of now unless `isLive`; but accessors work when they are asked. */
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
      // As Node shows a module, with the values of accessors.
      [inspect.custom]: {
        value: (_: number, options: object) => `[Module: null prototype] ${inspect({ ...namespace }, options)}`,
      },
    }),
  );
}
