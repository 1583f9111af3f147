/** The types of index.mjs, of which the files beside it say what these do. */
import type { Found } from '../shared/libraryPlaces.cjs';

/** What is to be got, and how. */
export interface Order {
  /** @defaultValue the download */
  readonly from?: string | undefined;
  /** @defaultValue `false` */
  readonly force?: boolean | undefined;
  /** @defaultValue nothing is checked */
  readonly check?: (folder: string) => Promise<unknown>;
}

/** What `kernel.json` says. */
export interface KernelSpec {
  readonly argv: readonly string[];
}

/** What a kernel spec is made of. */
export interface KernelParts {
  /** The folder of the kernel's package. */
  readonly kernel: string;
  /** Plotly's file, where there is one. */
  readonly plotly: string | undefined;
}

/** What a platform's wheel is. */
export interface Wheel {
  readonly tested: boolean;
}

export declare class Interrupted extends Error {
  readonly exitCode: number;
}
export declare const defaultName: string;
export declare function say(message: string): void;
export declare function interruptibly<T>(work: () => Promise<T>): Promise<T>;
export declare function checkLibrary(folder: string): Promise<string>;
export declare function getLibtensorflow(order: Order): Promise<void>;
export declare function presentLibrary(): Found | undefined;
export declare function whyNeeded(): string | undefined;
export declare function wheelFor(): Wheel | undefined;
export declare function findKernel(folder?: string): string;
export declare function userData(): string;
export declare function environmentData(environment: string): string;
export declare function specFolder(data: string, name?: string): string;
export declare function installSpec(data: string, parts: KernelParts, name?: string): Promise<string>;
export declare function uninstallSpec(data: string, name?: string): boolean;
export declare function installedSpec(data: string, name?: string): KernelSpec | undefined;
export declare function installedNames(data: string): string[];
export declare function missingOf(spec: KernelSpec): string | undefined;
export function withTemporaryFolder<T>(target: string, work: (folder: string) => T | Promise<T>): Promise<T>;
