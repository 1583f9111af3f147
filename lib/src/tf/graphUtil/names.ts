/** How the nodes of a GraphDef name each other. */
import type { NodeDef } from '../../protos';

/** Whether an input only says what is to run before. */
export const isControl = (input: string) => input.startsWith('^');

/** The node that an input, `'x'`, `'x:1'` or `'^x'`, comes from. */
export const nodeOf = (input: string) => input.replace(/^\^/, '').replace(/:\d+$/, '');

const GROUP = 'loc:@';

/** The nodes that a node asks to be placed with. */
export function colocatedWith({ attr }: NodeDef): string[] {
  const groups = (attr._class?.list?.s ?? []).map((bytes) => Buffer.from(bytes).toString());
  return groups.map((group) => (group.startsWith(GROUP) ? group.slice(GROUP.length) : group));
}
