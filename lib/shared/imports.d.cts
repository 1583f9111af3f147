/** The types of imports.cjs. */

/** A module by the URL of its file. */
export declare function importFile(href: string): Promise<Record<string, unknown>>;
/** The set-up of libtensorflow and of the kernel. */
export declare function importSetup(): Promise<typeof import('../setup/index.mjs')>;
