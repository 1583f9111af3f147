/** The types of keptFiles.cjs, which says what these do. */

export declare function placeFor(name: string): string | undefined;
export declare function readKept(file: string): Buffer | undefined;
export declare function touch(file: string): void;
export declare function keep(file: string, data: NodeJS.ArrayBufferView): void;
export declare function prune(folder: string, isOfKind: (name: string) => boolean, most: number): void;
