/**
 * Handles notation from Python notebooks that isn't TypeScript: `?name` is answered; for magics and shell commands, the
 * error says what to write instead.
 */
import type * as TypeScript from 'typescript-6.0';
import { parsed, parseErrors, ts } from './compiler';
import { completeness } from './completeness';
import { type HelpRequest, mayAskForHelp } from './help';
import { TypeScriptError } from './typeScriptError';

/**
 * The help request at a cell's end: `?name`, `name?`, `??name` or `name??` on a line of its own, which is never valid
 * code there.
 */
export function helpRequest(source: string): HelpRequest | undefined {
  const asked = mayAskForHelp(source);
  return asked && completeness(asked.code).status === 'complete' ? asked : undefined;
}

/** Whether a cell uses such notation and is therefore complete. */
export function isOtherNotation(source: string): boolean {
  return helpRequest(source) !== undefined || adviceOf(source.trimStart().split('\n')[0]!) !== undefined;
}

/** Adds advice to the error of a cell that uses such notation; otherwise returns the error unchanged. */
export function withAdvice(error: TypeScriptError, source: string): TypeScriptError {
  const misread = lineOfParseError(source);
  if (misread !== undefined && isJsx(source)) return new TypeScriptError(JSX);
  const line = misread ?? source.trimStart().split('\n')[0]!;
  const advice = adviceOf(line);
  if (advice === undefined) return error;
  // `!ls` and `!ls -l` parse as TypeScript, with undeclared names.
  if (misread !== undefined || /^!\S+( +[\w./~*-]+)+ *$/.test(line)) return new TypeScriptError(advice);
  if (!error.message.includes('Cannot find name')) return error;
  return new TypeScriptError(`${error.message}\n${advice}`, `${error.report}\n\n${advice}`);
}

const JSX = "cells are TypeScript without JSX: import { display } from 'tslab' shows HTML, display.html('<b>text</b>')";

/** Whether a cell parses as TypeScript with JSX. */
function isJsx(source: string): boolean {
  const file = ts.createSourceFile('cell.tsx', source, ts.ScriptTarget.Latest, false, ts.ScriptKind.TSX);
  const has = (node: TypeScript.Node): boolean =>
    ts.isJsxElement(node) ||
    ts.isJsxSelfClosingElement(node) ||
    ts.isJsxFragment(node) ||
    (ts.forEachChild(node, has) ?? false);
  return parseErrors(file).length === 0 && has(file);
}

/** The line of the first syntax error; undefined if a cell parses. */
function lineOfParseError(source: string): string | undefined {
  const file = parsed(source);
  const [first] = parseErrors(file);
  if (!first) return undefined;
  const { line } = file.getLineAndCharacterOfPosition(first.start ?? 0);
  return source.split('\n')[line - 1] ?? '';
}

/** What to write instead of a line; undefined if the line has no such notation. */
function adviceOf(line: string): string | undefined {
  const [, magic] = /^\s*(%{1,2}[a-z]\w*)/i.exec(line) ?? [];
  if (magic) {
    const advice = magics.find(([names]) => names.test(magic.replace(/^%+/, '')))?.[1] ?? 'leave it out';
    return `cells are TypeScript, and ${magic} is a magic of Python's kernel: ${advice}`;
  }
  const [, command] = /^\s*!{1,2}\s*([\w./~$"'].*?)\s*$/.exec(line) ?? [];
  if (command === undefined) return undefined;
  return `to run a command of the shell: await $\`${command.replaceAll(/[\\`]|\$(?=\{)/g, '\\$&')}\``;
}

const magics: readonly (readonly [names: RegExp, advice: string])[] = [
  [/^(time|timeit|prun)$/, "console.time('it') before and console.timeEnd('it') after something tell how long it took"],
  [/^(bash|sh|sx|system|script|cmd)$/, 'await $`ls` runs a command of the shell'],
  [/^(matplotlib|pylab)$/, 'figures show themselves here; leave it out'],
  [/^(cd|pwd|pushd)$/, 'process.chdir(folder) and process.cwd() are what there is'],
  [/^(env|set_env)$/, 'process.env has the environment variables'],
  [
    /^(html|markdown|latex|svg|javascript|js)$/,
    "import { display } from 'tslab' shows such things: display.html('<b>text</b>')",
  ],
  [/^(load_ext|tensorboard)$/, "import { tensorboard } from 'tf-mechanics/notebook' has TensorBoard"],
  [/^(pip|conda|mamba|uv)$/, 'packages are installed by npm: await $`npm install package`'],
  [/^(writefile|file)$/, 'fs.writeFileSync(file, text) writes a file'],
  [/^(run|load)$/, "import './file' runs a file"],
];
