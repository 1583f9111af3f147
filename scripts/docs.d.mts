/** Makes the reference in a folder; what typedoc warns of is an error. */
export function makeReference(folder?: string): void;
