/** Recognizes help requests (`?name`) at the end of a cell. */

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$.]*`;
const HELP = new RegExp(`^(?:\\?{1,2}\\s*(${NAME})|(${NAME})\\s*\\?{1,2})$`, 'u');

/** A cell with a help request. */
export interface HelpRequest {
  /** The code before the request. */
  readonly code: string;
  /** The qualified name: `tf.nn.relu`. */
  readonly name: string;
}

/**
 * The help request in a cell's last line: `?name`, `name?`, `??name` or `name??`. The code before it isn't validated.
 */
export function mayAskForHelp(source: string): HelpRequest | undefined {
  const lines = source.trimEnd().split('\n');
  const [, before, after] = HELP.exec(lines.pop()!.trim()) ?? [];
  const name = before ?? after;
  return name === undefined ? undefined : { code: lines.join('\n'), name };
}
