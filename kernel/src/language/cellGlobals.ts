/**
 * Declares what Node provides in every module but neither TypeScript's library nor every version of `@types/node`
 * declares.
 */
export {};

declare global {
  interface ImportMeta {
    /** The module's folder. */
    dirname: string;
    /** The module's file. */
    filename: string;
  }

  namespace WebAssembly {
    type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'externref' | 'anyfunc';
    type Value = Exports[string];
    type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    // biome-ignore lint/suspicious/noExplicitAny: what a module exports, its importer knows
    type Exports = Readonly<Record<string, any>>;
    type Source = ArrayBufferLike | ArrayBufferView;

    class CompileError extends Error {}
    class LinkError extends Error {}
    class RuntimeError extends Error {}

    class Module {
      constructor(bytes: Source);
      static customSections(module: Module, name: string): ArrayBuffer[];
      static exports(module: Module): { name: string; kind: 'function' | 'table' | 'memory' | 'global' | 'tag' }[];
      static imports(module: Module): { module: string; name: string; kind: string }[];
    }
    class Instance {
      constructor(module: Module, imports?: Imports);
      readonly exports: Exports;
    }
    class Memory {
      constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
      readonly buffer: ArrayBuffer;
      grow(pages: number): number;
    }
    class Table {
      constructor(descriptor: { element: 'anyfunc' | 'externref'; initial: number; maximum?: number }, value?: unknown);
      readonly length: number;
      get(index: number): Value;
      grow(by: number, value?: unknown): number;
      set(index: number, value?: unknown): void;
    }
    class Global {
      constructor(descriptor: { value: ValueType; mutable?: boolean }, value?: unknown);
      value: Value;
      valueOf(): Value;
    }

    function compile(bytes: Source): Promise<Module>;
    function instantiate(bytes: Source, imports?: Imports): Promise<{ instance: Instance; module: Module }>;
    function instantiate(module: Module, imports?: Imports): Promise<Instance>;
    function validate(bytes: Source): boolean;
  }
}
