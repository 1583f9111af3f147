/** The question for a name at a cell's end, by its form. */

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$.]*`;
const HELP = new RegExp(`^(?:\\?{1,2}\\s*(${NAME})|(${NAME})\\s*\\?{1,2})$`, 'u');

/** A cell that asks for the explanation of a name. */
export interface HelpRequest {
  /** What the cell has before the question. */
  readonly code: string;
  /** With those of what it is a member of: `tf.nn.relu`. */
  readonly name: string;
}

/** What a cell's last line asks for, if it is `?name`, `name?`, `??name` or `name??`; what comes before may be no whole program. */
export function mayAskForHelp(source: string): HelpRequest | undefined {
  const lines = source.trimEnd().split('\n');
  const [, before, after] = HELP.exec(lines.pop()!.trim()) ?? [];
  const name = before ?? after;
  return name === undefined ? undefined : { code: lines.join('\n'), name };
}
