/** The types of libraryPlaces.cjs, which says what these do. */

/** The shared objects of one libtensorflow. */
export interface Library {
  /** The library with the C API. */
  readonly main: string;
  /** The library with the symbols that `main` needs loaded first, where it is a file of its own. */
  readonly framework: string | undefined;
}

/** Somewhere that libtensorflow may be. */
export interface Place {
  readonly name: string;
  readonly folder: () => string | undefined;
}

/** A libtensorflow, and which of the places it is in. */
export interface Found {
  readonly place: string;
  readonly folder: string;
  readonly library: Library;
}

/** What the cache's place depends on: what this process has of it, when left out. */
export interface Surroundings {
  /** @defaultValue that of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** @defaultValue that of this process */
  readonly platform?: NodeJS.Platform;
  /** @defaultValue the user's, or undefined where there is none */
  readonly home?: string | undefined;
}

export declare const mainNames: readonly string[];
export declare const places: readonly Place[];
export declare function cacheFolder(surroundings?: Surroundings): string | undefined;
export declare function homeFolder(env?: NodeJS.ProcessEnv): string | undefined;
export declare function linkIn(cache: string): string;
export declare function linkIn(cache: string | undefined): string | undefined;
export declare function namedFolder(): string | undefined;
export declare function libraryIn(folder: string): Library | undefined;
export declare function locate(among?: readonly Place[]): Found | undefined;
export declare function pythonFolder(): string | undefined;
