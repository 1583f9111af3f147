/**
 * Asks for a line of text, and waits for it.
 *
 * @param message what is asked
 * @param _default what an empty line stands for
 * @returns what was typed; null where the input was ended, by Ctrl-D in a console
 * @throws {Error} where nobody can be asked: in a notebook that a program runs
 * @example
 * const name = prompt('Your name', 'Ada');
 */
declare function prompt(message?: string, _default?: string): string | null;

/**
 * Asks a question that `y` answers with true, and anything else with false.
 *
 * @param message what is asked
 * @throws {Error} where nobody can be asked: in a notebook that a program runs
 */
declare function confirm(message?: string): boolean;

/**
 * Shows a message, and waits for Enter.
 *
 * @param message what is shown
 * @throws {Error} where nobody can be asked: in a notebook that a program runs
 */
declare function alert(message?: unknown): void;

/**
 * Runs a command of the shell, zx's `$`: what it prints is the cell's output, ■ ends it with all that it has begun, and values are quoted.
 *
 * @returns a promise of its output, which is `String(output)`, `output.stdout`, or `await $…lines()`; rejected where the command fails, with
 *   its `exitCode` and the end of what it has said
 * @see https://google.github.io/zx/api
 * @example
 * const folder = 'a folder';
 * await $`ls -l ${folder}`;
 * const branch = await $`git branch --show-current`.text();
 */
declare const $: import('zx/core').$;
