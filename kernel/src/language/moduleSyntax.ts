/** Detects a module's format from its text. */
import { ts } from './compiler';
import { hasTopLevelAwait } from './transform';

/** Whether a text can't be CommonJS: Node's rule for packages without a `type`. */
export function hasModuleSyntax(source: string, file: string): boolean {
  const { externalModuleIndicator } = ts.createSourceFile(file, source, ts.ScriptTarget.Latest) as {
    externalModuleIndicator?: unknown;
  };
  return externalModuleIndicator !== undefined || hasTopLevelAwait(source, file);
}
