/** Flattens a configuration into the row of a table. */

/** A value in a table. */
export type FlatValue = number | string | boolean;

/**
 * The hyperparameters of a configuration by path: `{ optimizer: { name: 'adam' } }` becomes `optimizer.name`. Undefined
 * values are omitted; null and arrays become text.
 *
 * @example
 * hyperparameters.flatConfig({ lr: 0.1, optimizer: { name: 'adam' } }); // { lr: 0.1, 'optimizer.name': 'adam' }
 */
export function flatConfig(config: unknown): Record<string, FlatValue> {
  return Object.fromEntries(entries(config, ''));
}

function entries(value: unknown, path: string): [string, FlatValue][] {
  if (value === undefined) return [];
  if (typeof value === 'bigint') return [[path, String(value)]];
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return [[path, value]];
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [[path, JSON.stringify(value) ?? String(value)]];
  return Object.entries(value).flatMap(([name, member]) => entries(member, path ? `${path}.${name}` : name));
}
