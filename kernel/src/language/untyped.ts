/** Notes about imported packages without types, which are usable as `any`; each is mentioned once. */
import type * as TypeScript from 'typescript-6.0';
import { dim } from '../ansi';
import { ts } from './compiler';

/**
 * A note about each package for which the compiler reports missing types.
 *
 * @param noted the packages already mentioned; new ones are added
 */
export function untypedNotes(diagnostics: readonly TypeScript.Diagnostic[], noted: Set<string>): string {
  return diagnostics
    .flatMap(({ file, start = 0, length = 0, messageText }) => {
      const id = file?.text.substr(start, length).replace(/^['"`]|['"`]$/g, '') ?? '';
      const [name] = /^(@[^/]+\/)?[^@./#][^/]*/.exec(id) ?? [];
      if (name === undefined || noted.has(name)) return [];
      noted.add(name);
      const isHidden = ts.flattenDiagnosticMessageText(messageText, '\n').includes('There are types at');
      return `${dim(`${name} has no types, so it is any: ${isHidden ? HIDDEN : advice(name)}`)}\n`;
    })
    .join('');
}

const HIDDEN = "its package.json doesn't export those that it has";

const advice = (name: string) =>
  `npm install --save-dev @types/${name.replace(/^@/, '').replace('/', '__')} may bring them`;
