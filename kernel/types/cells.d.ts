/**
 * Asks for a line of text and waits for it.
 *
 * @param message the question
 * @param _default the result for an empty line
 * @returns the text; null at the end of input (Ctrl-D in a console)
 * @throws {Error} when nobody can be asked: a program is executing the notebook
 * @example
 * const name = prompt('Your name', 'Ada');
 */
declare function prompt(message?: string, _default?: string): string | null;

/**
 * Asks a question; `y` means true, anything else false.
 *
 * @param message the question
 * @throws {Error} when nobody can be asked: a program is executing the notebook
 */
declare function confirm(message?: string): boolean;

/**
 * Shows a message and waits for Enter.
 *
 * @param message the message
 * @throws {Error} when nobody can be asked: a program is executing the notebook
 */
declare function alert(message?: unknown): void;

/**
 * Runs a shell command with zx's `$`. Its output appears as the cell's; ■ ends it with all its children; interpolated
 * values are quoted.
 *
 * @returns a promise of its output, available as `String(output)`, `output.stdout`, or `await $…lines()`; it rejects if
 * the command fails, with the `exitCode` and the end of its output
 * @see https://google.github.io/zx/api
 * @example
 * const folder = 'a folder';
 * await $`ls -l ${folder}`;
 * const branch = await $`git branch --show-current`.text();
 */
declare const $: import('zx/core').$;
