/** Options and arguments of the wrong kind: what a program without types gives by mistake, made of the examples. */
import type * as TypeScript from 'typescript-6.0';
import { ts } from '../cellTypeScript';

/** An example's text in which one option, or one argument, has a value of another kind than its type. */
export interface WrongKind {
  /** The call and the option, `tf.matmul({ transposeA: 'x' })`, or the argument, `tf.matmul(…, true)`. */
  readonly title: string;
  readonly file: string;
  readonly text: string;
}

type Call = TypeScript.CallExpression | TypeScript.NewExpression;
type Written = (value: string) => string;

/** Of every option and argument of every call of the library's in `files`, each way to give it a wrong kind, once. */
export function wrongKindsOf(files: readonly string[], publicNames: readonly string[]): WrongKind[] {
  const program = ts.createProgram(files, {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    skipLibCheck: true,
    types: ['node'],
  });
  const checker = program.getTypeChecker();
  const values = [
    ["'x'", checker.getStringType()],
    ['5.5', checker.getNumberType()],
    ['true', checker.getBooleanType()],
  ] as const;
  const found = new Map<string, WrongKind>();
  for (const file of files) {
    const source = program.getSourceFile(file)!;
    const visit = (node: TypeScript.Node) => {
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) look(node);
      ts.forEachChild(node, visit);
    };
    const look = (call: Call) => {
      const declaration = checker.getResolvedSignature(call)?.declaration;
      if (!declaration?.getSourceFile().fileName.includes('/lib/dist/')) return;
      const last = call.arguments?.at(-1);
      const literal = last && ts.isObjectLiteralExpression(last) ? last : undefined;
      const isPublic = !ts.isIdentifier(call.expression) || publicNames.includes(call.expression.text);
      for (const place of isPublic && call.arguments ? call.arguments.keys() : []) giveArgument(call, place);
      const left = call.arguments?.length ?? 0;
      for (const type of literal ? [checker.getContextualType(literal)] : typesAt(call, left)) {
        for (const options of type?.isUnion() ? type.types : [type]) {
          if (options && isOptions(options))
            for (const option of options.getProperties()) giveOption(call, literal, option);
        }
      }
    };
    /** The types that a call's argument in this place may have, by all of its function's signatures. */
    const typesAt = (call: Call, place: number) => {
      const kind = ts.isNewExpression(call) ? ts.SignatureKind.Construct : ts.SignatureKind.Call;
      const signatures = checker.getSignaturesOfType(checker.getTypeAtLocation(call.expression), kind);
      return signatures.flatMap(({ parameters }) => {
        const parameter = parameters[place];
        return parameter && !isRest(parameter) ? checker.getTypeOfSymbolAtLocation(parameter, call) : [];
      });
    };
    const giveArgument = (call: Call, place: number) => {
      const given = call.arguments![place]!;
      const title = (value: string) => `${call.expression.getText()}(${'…, '.repeat(place)}${value})`;
      const text = (value: string) =>
        `${source.text.slice(0, given.getStart())}${value}${source.text.slice(given.end)}`;
      give(typesAt(call, place), title, text);
    };
    const giveOption = (
      call: Call,
      literal: TypeScript.ObjectLiteralExpression | undefined,
      option: TypeScript.Symbol,
    ) => {
      const title = (value: string) => `${call.expression.getText()}({ ${option.name}: ${value} })`;
      const text = (value: string) => withOption(source.text, call, literal, `${option.name}: ${value}`);
      give([checker.getTypeOfSymbolAtLocation(option, call)], title, text);
    };
    /** Each value that none of the types takes. */
    const give = (types: readonly TypeScript.Type[], titleOf: Written, textWith: Written) => {
      const kinds = types.map((type) => checker.getBaseConstraintOfType(type) ?? type);
      for (const [value, type] of kinds.length > 0 ? values : []) {
        const title = titleOf(value);
        if (found.has(title) || kinds.some((kind) => checker.isTypeAssignableTo(type, kind))) continue;
        found.set(title, { title, file, text: textWith(value) });
      }
    };
    visit(source);
  }
  return [...found.values()];
}

const isRest = ({ valueDeclaration }: TypeScript.Symbol) =>
  valueDeclaration && ts.isParameter(valueDeclaration) && valueDeclaration.dotDotDotToken !== undefined;

/** Whether an object's properties are options: they have names of their own, of which most may be left out, and a literal gives them. */
const isOptions = (type: TypeScript.Type) => {
  const properties = type.getProperties();
  const optional = properties.filter(({ flags }) => flags & ts.SymbolFlags.Optional).length;
  return !type.isClass() && type.flags & ts.TypeFlags.Object && optional > 0 && 2 * optional >= properties.length;
};

/** A call with an option more, in the place of the one that it has already. */
function withOption(
  text: string,
  call: Call,
  literal: TypeScript.ObjectLiteralExpression | undefined,
  option: string,
): string {
  const [name] = option.split(':');
  const present = literal?.properties.find((property) => property.name?.getText() === name);
  if (present) return `${text.slice(0, present.getStart())}${option}${text.slice(present.end)}`;
  const before = literal?.properties ?? call.arguments;
  const comma = before && before.length > 0 && !before.hasTrailingComma ? ', ' : '';
  const end = (literal ?? call).end - 1;
  return `${text.slice(0, end)}${comma}${literal ? option : `{ ${option} }`}${text.slice(end)}`;
}
