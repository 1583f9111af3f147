/** Gives classes the place for their decorators' metadata, by the name of the proposal, if Node doesn't yet. */
export function addMetadataSymbol(): void {
  if (!('metadata' in Symbol)) Object.defineProperty(Symbol, 'metadata', { value: Symbol('Symbol.metadata') });
}
