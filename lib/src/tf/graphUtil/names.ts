/** How nodes of a GraphDef refer to each other. */
import type { NodeDef } from '../../protos';

/** Whether an input is a control dependency. */
export const isControl = (input: string) => input.startsWith('^');

/** The node to which an input (`'x'`, `'x:1'` or `'^x'`) refers. */
export const nodeOf = (input: string) => input.replace(/^\^/, '').replace(/:\d+$/, '');

const GROUP = 'loc:@';

/** The nodes with which a node is colocated. */
export function colocatedWith({ attr }: NodeDef): string[] {
  const groups = (attr._class?.list?.s ?? []).map((bytes) => Buffer.from(bytes).toString());
  return groups.map((group) => (group.startsWith(GROUP) ? group.slice(GROUP.length) : group));
}
