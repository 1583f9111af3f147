/**
 * A fast path for cells that are a single plain expression, as most that inspect something are: `x.shape`, `loss * 2`,
 * `plot.curves({ loss })`. Their CommonJS is derived from the text. Parsing, transforming and printing once more would
 * take a third of the cell's total time.
 */
import type { Shift } from './cellMap';

/** The code to run for a module that is a plain expression. */
export interface PlainCode {
  readonly code: string;
  /** Maps the code to the module. */
  readonly map: Shift;
  /** The name of the expression's value. */
  readonly name: string;
  /** Whether it contains object literals, which may have shorthand properties. */
  readonly hasObjects: boolean;
}

/** tslab's output for such a cell: the declaration of the value, and an empty export. */
const MODULE = /^export const (tsLastExpr\d*) = (.*?);\n(?:export \{\s*\};\n)?(?:\/\/# sourceMappingURL=\S*)?$/s;

/** Tokens that need a transformation: functions, classes, loops, imports, `catch`. */
const TRANSFORMED = /=>|\)\s*\{|\b(?:function|class|import|catch|then|using|yield|export)\b|@/;

const HEAD = '"use strict";\n';

/** The CommonJS of a module that is a plain expression; undefined for any other. */
export function plainExpression(module: string): PlainCode | undefined {
  const [, name, expression] = MODULE.exec(module) ?? [];
  if (name === undefined || expression === undefined || TRANSFORMED.test(expression) || /;\s*\n/.test(expression))
    return undefined;
  const [exported, declared] = [`exports.${name} = `, `export const ${name} = `];
  return {
    name,
    hasObjects: expression.includes('{'),
    code: `${HEAD}${exported}${expression};\n`,
    map: { lines: -1, columns: declared.length - exported.length },
  };
}
