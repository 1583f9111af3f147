/** Defines `Symbol.metadata`, where decorators store metadata, if Node doesn't define it yet. */
export function addMetadataSymbol(): void {
  if (!('metadata' in Symbol)) Object.defineProperty(Symbol, 'metadata', { value: Symbol('Symbol.metadata') });
}
