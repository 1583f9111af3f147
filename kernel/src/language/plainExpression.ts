/**
 * Cells that are one plain expression, as most are that look at something: `x.shape`, `loss * 2`, `plot.curves({ loss })`. What those become in
 * CommonJS is told by their text, where the compiler would parse, transform and print them once more, in a third of the time of all that a cell takes.
 */
import type { Shift } from './cellMap';

/** What runs of a module of an expression. */
export interface PlainCode {
  readonly code: string;
  /** From the code to the module. */
  readonly map: Shift;
  /** The name that the expression's value gets. */
  readonly name: string;
  /** Whether it has objects, whose properties may be named by variables alone. */
  readonly hasObjects: boolean;
}

/** What is left of a cell by tslab: the value's declaration, and what makes it a module. */
const MODULE = /^export const (tsLastExpr\d*) = (.*?);\n(?:export \{\s*\};\n)?(?:\/\/# sourceMappingURL=\S*)?$/s;

/** Words and signs of what has to be transformed: functions, classes, loops in them, imports, what catches errors. */
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
