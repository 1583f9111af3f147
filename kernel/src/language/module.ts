/** A project's modules, compiled for a cell that imports them. */
import path from 'node:path';

import { syntaxError, TypeScriptError } from './diagnostics';
import { guardLoops, replaceImportMeta, topLevelAwait } from './transform';
import { ts } from './tslab';

/** A module that can run. */
export interface CompiledModule {
  /** CommonJS, without `'use strict'`. */
  readonly code: string;
  /** The source map from the code to the module's text. */
  readonly map: string;
}

/**
 * Compiles a module of TypeScript or of ECMAScript by itself. What it should have of types, its own project says.
 *
 * @throws {TypeScriptError} when it can't be parsed, or awaits outside of any function
 */
export function compileModule(source: string, file: string): CompiledModule {
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(source, {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      experimentalDecorators: true,
      jsx: ts.JsxEmit.React,
      noImplicitUseStrict: true,
      ignoreDeprecations: '5.0',
      sourceMap: true,
      newLine: ts.NewLineKind.LineFeed,
    },
    transformers: { before: [guardLoops, replaceImportMeta] },
  });
  const wrong = (diagnostics ?? []).filter((diagnostic) => diagnostic.file);
  if (wrong.length > 0) throw syntaxError(wrong);
  const place = topLevelAwait(source, file);
  if (place)
    throw new TypeScriptError(
      `${path.relative(process.cwd(), file)}(${place.line},${place.column}): a module that a cell imports is loaded at once, and can not ` +
        'await outside of a function: export a function that awaits, or the promise',
    );
  return { code: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'), map: sourceMapText ?? '' };
}
