/**
 * Makes `String(f)` return a function's source without the interrupt checks and helpers that the kernel inserts: the
 * text may be sent elsewhere, such as to a worker, where they don't exist.
 */
import { CAUGHT, FILE, IMPORT_LATER, IMPORT_META, INTERRUPT_CHECK, INTERRUPT_FLAG } from '../language/names';
import { replace } from './process';

const escaped = (name: string) => name.replaceAll('$', '\\$');
const guards = new RegExp(`\\s*if \\(${escaped(INTERRUPT_FLAG)}\\[0\\]\\)\\s*${escaped(INTERRUPT_CHECK)}\\(\\);`, 'g');
const caught = new RegExp(`\\s*${escaped(CAUGHT)}\\([\\w$]+\\);`, 'g');
const caughtInParts = new RegExp(`catch \\(([\\w$]+)\\) \\{(\\s*)let ([^;]*?) = ${escaped(CAUGHT)}\\(\\1\\);`, 'g');
const importsLater = new RegExp(`${escaped(IMPORT_LATER)}\\((.*?), ${escaped(FILE)}`, 'gs');
const shared = /(?<![\w$.])exports\.(?=[\w$])/g;

/** Installs that; returns a function that undoes it. */
export function hideGuards(): () => void {
  const native = Function.prototype.toString;
  const own = {
    toString(this: unknown): string {
      const text = native.call(this);
      if (!text.includes(INTERRUPT_FLAG)) return text;
      return text
        .replace(guards, '')
        .replace(caughtInParts, 'catch ($3) {')
        .replace(caught, '')
        .replaceAll(`${IMPORT_META}(${FILE})`, 'import.meta')
        .replace(importsLater, 'import($1')
        .replace(shared, '');
    },
  };
  return replace(Function.prototype, 'toString', { configurable: true, writable: true, value: own.toString });
}
