/** The TypeScript of the kernel's cells, which reads the library's declarations in every notebook. */
import type * as TypeScript from 'typescript-6.0';

export const ts = require('typescript-6.0') as typeof TypeScript;

/** As notebooks have them. */
export const options: TypeScript.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  esModuleInterop: true,
  types: ['node'],
};
