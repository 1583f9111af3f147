/** The first free port from `first` on that isn't among `taken`. */
export function freePort(first: number, taken?: number[]): Promise<number>;
