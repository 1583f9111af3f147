/** What the compiler's process does for the kernel's. */
import { completeness } from './completeness';
import { type CompiledCell, type KnownPackages, LanguageEngine } from './engine';
import type { Requests } from './messages';
import { helpRequest, isOtherNotation, withAdvice } from './notation';
import { preparedEngine } from './prepared';
import { TypeScriptError } from './typeScriptError';

/** The compiler of a notebook's folder. */
export function requestsTo(directory: string, packages: KnownPackages): Requests {
  const engine = preparedEngine(directory, packages) ?? new LanguageEngine(directory, packages);
  let last: CompiledCell | undefined;
  let steps: Generator<void> | undefined;
  return {
    compile(source, name) {
      try {
        last = engine.compile(source, name);
      } catch (error) {
        throw error instanceof TypeScriptError ? withAdvice(error, source) : error;
      }
      const { code, isAsync, result, maps, imports, modules, objections, names } = last;
      return { code, isAsync, result, maps, imports, modules: [...modules], objections, names, name };
    },
    declare(missing) {
      if (!last) return undefined;
      engine.declare(last, new Set(missing));
      return engine.takeDeclared();
    },
    goOn: (declared) => engine.goOn(declared),
    complete: (source, offset) => engine.complete(source, offset),
    inspect: (source, offset) => engine.inspect(source, offset),
    completeness: (source) => (isOtherNotation(source) ? { status: 'complete' } : completeness(source)),
    helpRequest,
    find: (id) => engine.find(id),
    warmUp(name) {
      steps ??= warmUp(engine, name);
      const { done } = steps.next();
      if (done) steps = undefined;
      return !done;
    },
  };
}

/** So many small cells are compiled for nothing, by when V8 has made the compiler fast that came out of a snapshot as bytecode. */
const REHEARSED = 60;

/** Reads what a cell that imports a package will need, and then compiles one for nothing, and small ones. */
function* warmUp(engine: LanguageEngine, name: string): Generator<void> {
  yield* engine.readTypes(name);
  yield;
  engine.rehearse(`import { } from '${name}';`);
  for (let i = 0; i < REHEARSED; i++) {
    yield;
    engine.rehearse(i % 2 === 0 ? `${i} + 1` : `const one = ${i};`);
  }
}
