/** A project's modules, compiled for a cell that imports them. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ts } from './compiler';
import { syntaxError } from './diagnostics';
import { importRequests, replaceDynamicImports, replaceImports } from './imports';
import { moduleFormat } from './moduleFormat';
import type { ImportRequest } from './names';
import { TARGET } from './runtimeLibrary';
import { guardLoops, hasTopLevelAwait, replaceImportMeta, tellCaught } from './transform';

/** A module that can run. */
export interface CompiledModule {
  /**
   * CommonJS. Of an ECMAScript module it is the body of a generator, an asynchronous one where it `awaits`: the
   * first step gives the functions that it exports, which modules that import each other may call; the second runs the rest.
   */
  readonly code: string;
  readonly isGenerator: boolean;
  /** The source map from the code to the module's text. */
  readonly map: string;
  /** What it imports, but for what it takes types alone of. */
  readonly imports: readonly ImportRequest[];
  /** Whether it awaits outside of any function. */
  readonly awaits: boolean;
}

/**
 * Compiles a module of TypeScript or of ECMAScript by itself. What it should have of types, its own project says.
 *
 * @throws {TypeScriptError} when it can't be parsed
 */
export function compileModule(source: string, file: string): CompiledModule {
  const ids: string[] = [];
  const required = moduleFormat(file) === 'commonjs';
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(source, {
    // A name that says ECMAScript module would have the compiler leave it one.
    fileName: file.replace(/\.m([jt]s)$/, '.$1'),
    reportDiagnostics: true,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: TARGET,
      // Elsewhere what `$import` gives has a `default`, where Node gives one.
      esModuleInterop: required,
      jsx: ts.JsxEmit.React,
      sourceMap: true,
      newLine: ts.NewLineKind.LineFeed,
    },
    transformers: {
      before: [guardLoops, tellCaught, replaceImportMeta, replaceDynamicImports],
      // By what a module of TypeScript exports one can't tell what of it is a type.
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

/** The place in an ECMAScript module, or in what it imports, that can't be parsed: of such an error Node tells no place. */
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
