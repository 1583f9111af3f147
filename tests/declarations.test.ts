/** What the library's declarations have, and that the TypeScript of cells reads them. */
import path from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import { describe, expect, it } from 'vitest';
import { options, ts } from './cellTypeScript';

const dist = path.join(__dirname, '..', 'lib', 'dist');

const { Type, ValueModule, Alias } = ts.SymbolFlags;

/** The public types by their last word, `FileWriter`, each with the places where it is declared. */
function publicTypes(program: TypeScript.Program): Map<string, Set<TypeScript.Symbol>> {
  const checker = program.getTypeChecker();
  const found = new Map<string, Set<TypeScript.Symbol>>();
  const visit = (module: TypeScript.Symbol) => {
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & Alias ? checker.getAliasedSymbol(exported) : exported;
      if (symbol.flags & ValueModule) visit(symbol);
      if (symbol.flags & Type) found.set(exported.name, (found.get(exported.name) ?? new Set()).add(symbol));
    }
  };
  visit(checker.getSymbolAtLocation(program.getSourceFile(path.join(dist, 'index.d.ts'))!)!);
  return found;
}

describe("the library's declarations", () => {
  const program = ts.createProgram([path.join(dist, 'index.d.ts')], { ...options, noEmit: true });

  it('have no two public types of one name', () => {
    const types = publicTypes(program);
    expect([...types.keys()]).toEqual(expect.arrayContaining(['Session', 'FileWriter', 'Event', 'ConfigProto']));
    const twice = [...types].flatMap(([name, symbols]) => (symbols.size > 1 ? [name] : []));
    expect(twice).toEqual([]);
  });

  it('have nothing that is for the library alone', () => {
    const checker = program.getTypeChecker();
    const types = publicTypes(program);
    const members = (name: string) => {
      const [symbol] = types.get(name)!;
      return checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol!)).map((member) => member.name);
    };
    const internal = ['adoptNew', 'checkOwns', 'isRef', 'operationAt', 'output', 'pointer', 'snapshot'];
    for (const name of ['Graph', 'Operation', 'Tensor', 'Variable', 'IndexedSlices', 'Session', 'Saver']) {
      expect(members(name).filter((member) => internal.includes(member) || /^_(?!_@)/.test(member))).toEqual([]);
      expect(members(name).length).toBeGreaterThan(5);
    }
    expect(members('Tensor')).not.toContain('value');
    expect(members('Variable')).toContain('value');
    const texts = program.getSourceFiles().filter(({ fileName }) => path.resolve(fileName).startsWith(dist));
    expect(texts.filter(({ text }) => text.includes('@internal')).map(({ fileName }) => fileName)).toEqual([]);
  });

  it('have no error under the TypeScript of cells, not even one that skipLibCheck hides', () => {
    const files = program.getSourceFiles().filter(({ fileName }) => path.resolve(fileName).startsWith(dist));
    const errors = files.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]);
    expect(files.length).toBeGreaterThan(50);
    expect(
      errors.map(({ file, messageText }) => [file?.fileName, ts.flattenDiagnosticMessageText(messageText, '\n')]),
    ).toEqual([]);
  });
});
