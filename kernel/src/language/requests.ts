/** The handlers of the kernel's requests in the compiler process. */
import { completeness } from './completeness';
import { type CompiledCell, type KnownPackages, LanguageEngine } from './engine';
import type { Requests } from './messages';
import { helpRequest, isOtherNotation, withAdvice } from './notation';
import { preparedEngine } from './prepared';
import { TypeScriptError } from './typeScriptError';

/** Creates the handlers for a notebook's folder. */
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

/**
 * The number of small cells compiled as warm-up: V8 then has optimized the compiler, which comes out of a snapshot as
 * bytecode.
 */
const REHEARSED = 60;

/** Reads the types of a package that a cell will import, then compiles such a cell and small ones as a warm-up. */
function* warmUp(engine: LanguageEngine, name: string): Generator<void> {
  yield* engine.readTypes(name);
  yield;
  engine.rehearse(`import { } from '${name}';`);
  for (let i = 0; i < REHEARSED; i++) {
    yield;
    engine.rehearse(i % 2 === 0 ? `${i} + 1` : `const one = ${i};`);
  }
}
