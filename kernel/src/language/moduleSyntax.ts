/** What a text says of its own format. */
import { ts } from './compiler';
import { hasTopLevelAwait } from './transform';

/** Whether a text can't be CommonJS: so Node tells it where no package says. */
export function hasModuleSyntax(source: string, file: string): boolean {
  const { externalModuleIndicator } = ts.createSourceFile(file, source, ts.ScriptTarget.Latest) as {
    externalModuleIndicator?: unknown;
  };
  return externalModuleIndicator !== undefined || hasTopLevelAwait(source, file);
}
