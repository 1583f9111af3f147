export const names: readonly string[];
export function installed(name: string): { folder: string; program: string };
export function tryWith(program: string, library: string): { ok: boolean; output: string };
