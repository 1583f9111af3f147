/** The types of folderLock.cjs, which says what these do. */
export interface Owner {
  readonly name: string;
  readonly pid: number;
  readonly host: string;
  readonly state: 'lives' | 'ended' | 'elsewhere';
}

export interface Holder extends Omit<Owner, 'state'> {
  readonly state: Owner['state'] | 'unknown';
  /** What it wrote last. */
  readonly content: string;
  /** When that was. */
  readonly time: number;
  /** For how many milliseconds it has written nothing. */
  readonly silence: number;
}

export type Taken =
  | { readonly name: string; readonly holder?: undefined }
  | { readonly name?: undefined; readonly holder: Holder };

export declare const HEARTBEAT: number;
export declare const SILENCE: number;
export declare function take(lock: string, isVoid?: (holder: Holder) => boolean): Taken;
export declare function release(lock: string, name: string): void;
export declare function beat(lock: string, name: string, content?: string): void;
export declare function holderOf(lock: string, now?: number): Holder | undefined;
export declare function nameFor(folder: string): string;
export declare function ownerOf(name: string, folder: string): Owner | undefined;
export declare function isAlive(pid: number, start?: string): boolean;
