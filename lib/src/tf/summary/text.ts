/** Text, which TensorBoard shows as Markdown. */

import type { MessageInit, Summary } from '../../protos';
import { InvalidArgumentError } from '../../runtime/errors';
import { HostArray, type Nested, toHostArray } from '../../runtime/hostArray';
import { shapeText } from '../../runtime/shapeText';
import { decodeTensor } from '../graph/tensorProto';
import { pluginValue } from './values';

/** A text, or texts that are shown as a table of one column or of rows. */
export type Text = string | readonly string[] | readonly (readonly string[])[] | HostArray<'string'>;

/** A text read from an event file, nested as it was written. */
export interface TextValue {
  text: Nested<string>;
}

/** @throws {InvalidArgumentError} when rows differ in length, or there are more than two dimensions */
export function textValue(tag: string, text: Text): MessageInit<Summary.Value> {
  const strings = text instanceof HostArray ? text : toHostArray(text, 'string');
  if (strings.rank > 2)
    throw new InvalidArgumentError(
      `expected a text, a column or a table of texts, got the shape ${shapeText(strings.shape)}`,
    );
  return pluginValue(tag, 'text', strings);
}

/** The text of a summary. */
export function textsOf({ tensor }: Summary.Value, plugin?: string): TextValue[] {
  const array = plugin === 'text' && tensor ? decodeTensor(tensor) : undefined;
  if (array?.dtype !== 'string') return [];
  const toText = (nested: Nested<unknown>): Nested<string> =>
    Array.isArray(nested) ? nested.map(toText) : String(nested);
  return [{ text: toText(array.toArray()) }];
}
