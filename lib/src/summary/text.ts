/** Text, which TensorBoard shows as Markdown. */
import type { MessageInit, Summary } from '../protos';
import { InvalidArgumentError } from '../runtime/errors';
import { HostArray, toHostArray } from '../runtime/hostArray';
import { pluginValue } from './pluginValue';

/** A text, or texts that are shown as a table: in one column, or in rows. */
export type Text = string | readonly string[] | readonly (readonly string[])[] | HostArray<'string'>;

/** @throws {InvalidArgumentError} when rows differ in length, or there are more than two dimensions */
export function textValue(tag: string, text: Text): MessageInit<Summary.Value> {
  const strings = text instanceof HostArray ? text : toHostArray(text, 'string');
  if (strings.rank > 2)
    throw new InvalidArgumentError(`expected a text, a column or a table of texts, got the shape [${strings.shape}]`);
  return pluginValue(tag, 'text', strings);
}
