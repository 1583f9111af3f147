/** Compiles the modules of a project that cells import. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ts } from './compiler';
import { syntaxError } from './diagnostics';
import { importRequests, replaceDynamicImports, replaceImports } from './imports';
import { moduleFormat } from './moduleFormat';
import type { ImportRequest } from './names';
import { TARGET } from './runtimeLibrary';
import { guardLoops, hasTopLevelAwait, replaceImportMeta, tellCaught } from './transform';

/** A compiled module. */
export interface CompiledModule {
  /**
   * CommonJS. For an ECMAScript module, the body of a generator (an asynchronous one if it `awaits`): the first step
   * exports hoisted functions, which modules in a cycle may call; the second runs the rest.
   */
  readonly code: string;
  readonly isGenerator: boolean;
  /** The source map from the code to the module's text. */
  readonly map: string;
  /** Its imports, except for type-only ones. */
  readonly imports: readonly ImportRequest[];
  /** Whether it has top-level `await`. */
  readonly awaits: boolean;
}

/**
 * Compiles a TypeScript or ECMAScript module on its own, without type-checking, which is up to its project.
 *
 * @throws {TypeScriptError} when it has syntax errors
 */
export function compileModule(source: string, file: string): CompiledModule {
  const ids: string[] = [];
  const required = moduleFormat(file) === 'commonjs';
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(source, {
    // With an `.mjs` or `.mts` extension the compiler would emit an ECMAScript module.
    fileName: file.replace(/\.m([jt]s)$/, '.$1'),
    reportDiagnostics: true,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: TARGET,
      // Otherwise `$import` returns a namespace with a `default` where Node does.
      esModuleInterop: required,
      jsx: ts.JsxEmit.React,
      sourceMap: true,
      newLine: ts.NewLineKind.LineFeed,
    },
    transformers: {
      before: [guardLoops, tellCaught, replaceImportMeta, replaceDynamicImports],
      // The exports of a TypeScript module don't tell which of them are types.
      after: required ? [] : [replaceImports(ids, { areValues: /\.m?js$/.test(file), isGenerator: true })],
    },
  });
  const wrong = (diagnostics ?? []).filter((diagnostic) => diagnostic.file);
  for (const { file: parsed } of wrong) Object.assign(parsed!, { fileName: file });
  if (wrong.length > 0) throw syntaxError(wrong);
  return {
    code: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'),
    map: sourceMapText ?? '',
    imports: importRequests(source, file, ids),
    isGenerator: !required,
    awaits: hasTopLevelAwait(source, file),
  };
}

/** The place of a syntax error in an ECMAScript module or its imports; Node's error doesn't contain it. */
export function syntaxPlace(file: string, seen = new Set<string>()): string | undefined {
  seen.add(file);
  const source = readFileSync(file, 'utf8');
  const { diagnostics = [] } = ts.transpileModule(source, { fileName: file, reportDiagnostics: true });
  const [wrong] = diagnostics.filter((diagnostic) => diagnostic.file);
  if (wrong?.file) {
    const { line, character } = wrong.file.getLineAndCharacterOfPosition(wrong.start ?? 0);
    return `${file}:${line + 1}:${character + 1}`;
  }
  for (const { fileName: id } of ts.preProcessFile(source).importedFiles) {
    const imported = path.resolve(path.dirname(file), id);
    if (!/^\.{1,2}\//.test(id) || seen.has(imported) || !existsSync(imported)) continue;
    const place = syntaxPlace(imported, seen);
    if (place) return place;
  }
  return undefined;
}
