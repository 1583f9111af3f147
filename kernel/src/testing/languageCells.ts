// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells have templates in their text
/** The language as cells speak it: a feature a row, with what its cells give. */

export interface Row {
  readonly feature: string;
  /** Run one after the other, of which all but the last give nothing that is looked at. */
  readonly cells: string | readonly string[];
  /** What the last one prints and, after that, its result as it is shown. */
  readonly gives?: string;
  /** What the compiler objects to, each as `line:column code words` without what explains it, or the error that the last cell throws. */
  readonly error?: string;
  /** An expression that is true where Node has what the row is about, and what the compiler says where it hasn't. */
  readonly needs?: readonly [expression: string, otherwise: string];
}

/** What is said of what this Node hasn't. */
const lacking = (version: string) =>
  `It belongs to a part of ${version} that this Node (${process.version}) doesn't have.`;

const lines = (...all: readonly string[]) => all.map((line) => `${line}\n`).join('');

const resources: readonly Row[] = [
  {
    feature: '`using` at the top level ends with the cell',
    cells: [
      'class Held { [Symbol.dispose]() { console.log(`end of ${this.name}`); } constructor(readonly name: string) {} }',
      "using first = new Held('first'), second = new Held('second');\nconsole.log(first.name, second.name);",
    ],
    gives: lines('first second', 'end of second', 'end of first'),
  },
  {
    feature: 'what was used is known to functions of its cell',
    cells: ["using kept = new Held('kept'); function nameOfKept() { return kept.name; }", 'nameOfKept()'],
    gives: "'kept'",
  },
  {
    feature: '`using` again, in a cell that is run twice',
    cells: [
      "using again = new Held('again');",
      "using again = new Held('once more'); const other = again.name;",
      'other',
    ],
    gives: "'once more'",
  },
  {
    feature: '`using` in a block, before what follows it',
    cells: "{ using inner = new Held('inner'); console.log(inner.name); }\nconsole.log('after');",
    gives: lines('inner', 'end of inner', 'after'),
  },
  {
    feature: '`using` in a function and in the head of a loop',
    cells:
      "function f() { using a = new Held('a'); return a.name; }\nfor (using each of [new Held('x'), new Held('y')]) console.log(each.name);\nf()",
    gives: `${lines('x', 'end of x', 'y', 'end of y', 'end of a')}'a'`,
  },
  {
    feature: '`await using` at the top level',
    cells:
      "await using later = { async [Symbol.asyncDispose]() { await null; console.log('closed'); } };\nconsole.log(typeof later);",
    gives: lines('object', 'closed'),
  },
  {
    feature: '`await using` in an asynchronous function',
    cells:
      "async function g() { await using it = { async [Symbol.asyncDispose]() { console.log('closed'); } }; return 'value'; }\nawait g()",
    gives: `${lines('closed')}'value'`,
  },
  {
    feature: '`using` of nothing',
    cells: 'using none = null;\nusing also = undefined;\n`${none} ${also}`',
    gives: "'null undefined'",
  },
  {
    feature: '`using` when its block fails',
    cells:
      "try { using a = new Held('a'); throw new Error('inside'); } catch (error) { console.log((error as Error).message); }",
    gives: lines('end of a', 'inside'),
  },
  {
    feature: '`using` whose end fails after its block did: a SuppressedError',
    cells:
      "try { using a = { [Symbol.dispose]() { throw new Error('end'); } }; throw new Error('inside'); }\ncatch (e) { const { error, suppressed, name } = e as { error: Error, suppressed: Error, name: string }; console.log(name, error.message, suppressed.message); }",
    gives: lines('SuppressedError end inside'),
  },
  {
    feature: '`using` of what has no end is refused',
    cells: 'using wrong = { close() {} };',
    error:
      "1:15 TS2850 The initializer of a 'using' declaration must be either an object with a '[Symbol.dispose]()' method, or be 'null' or 'undefined'.",
  },
  {
    feature: 'a class that implements Disposable',
    cells: 'class D implements Disposable {}',
    error: "1:7 TS2420 Class 'D' incorrectly implements interface 'Disposable'.",
  },
  {
    feature: 'DisposableStack',
    cells: "{ using stack = new DisposableStack(); stack.defer(() => console.log('deferred')); }",
    gives: lines('deferred'),
    needs: ["'DisposableStack' in globalThis", "1:21 TS2304 Cannot find name 'DisposableStack'."],
  },
];

const decorators: readonly Row[] = [
  {
    feature: 'a decorator of a method',
    cells:
      "function logged<This, A extends unknown[], R>(method: (this: This, ...a: A) => R, context: ClassMethodDecoratorContext) {\n  return function (this: This, ...a: A): R { console.log('call', String(context.name), ...a); return method.apply(this, a); };\n}\nclass Sum { @logged add(a: number, b: number) { return a + b; } }\nnew Sum().add(1, 2)",
    gives: `${lines('call add 1 2')}3`,
  },
  {
    feature: 'a decorator of another cell, on a class that is run again',
    cells: ['class Sum { @logged twice(a: number) { return 2 * a; } }', 'new Sum().twice(4)'],
    gives: `${lines('call twice 4')}8`,
  },
  {
    feature: 'a decorator of a class, which replaces it',
    cells:
      'function named<C extends new (...a: any[]) => object>(base: C, { kind, name }: ClassDecoratorContext<C>) {\n  return class extends base { label = `${kind} ${name}`; };\n}\n@named class Thing { own = 1 }\nnew Thing()',
    gives: "Thing { own: 1, label: 'class Thing' }",
  },
  {
    feature: 'a decorator of a field, which changes its first value',
    cells:
      'const doubled = (_: undefined, _context: ClassFieldDecoratorContext) => (value: number) => value * 2;\nclass F { @doubled x = 21; }\nnew F().x',
    gives: '42',
  },
  {
    feature: 'a decorator of an accessor',
    cells:
      'function clamped<T>({ get, set }: ClassAccessorDecoratorTarget<T, number>, _: ClassAccessorDecoratorContext<T, number>): ClassAccessorDecoratorResult<T, number> {\n  return { get, set(v) { set.call(this, Math.min(v, 10)); } };\n}\nclass Knob { @clamped accessor value = 1; }\nconst knob = new Knob(); knob.value = 99; knob.value',
    gives: '10',
  },
  {
    feature: 'decorators of a getter, a setter and of what is static',
    cells:
      "const seen: string[] = [];\nconst note = (_: unknown, { kind, static: isStatic, name }: ClassMemberDecoratorContext) => void seen.push(`${isStatic ? 'static ' : ''}${kind} ${String(name)}`);\nclass N { @note get a() { return 1; } @note set a(_v) {} @note static s() {} @note static #p = 1; static has(o: object) { return #p in o; } }\nseen.sort()",
    gives: "[ 'getter a', 'setter a', 'static field #p', 'static method s' ]",
  },
  {
    feature: 'what decorators leave in the metadata of a class',
    cells:
      "const tagged = (tag: string) => (_: unknown, { metadata, name }: ClassFieldDecoratorContext) => { metadata[name] = tag; };\nclass M { @tagged('length') size = 1; @tagged('weight') mass = 2; }\n({ ...M[Symbol.metadata] })",
    gives: "{ size: 'length', mass: 'weight' }",
  },
  {
    feature: 'a decorator of another kind is refused',
    cells: 'const wrong = (_: string) => {};\nclass W { @wrong m() {} }',
    error: '2:12 TS1241 Unable to resolve signature of method decorator when called as an expression.',
  },
  {
    feature: 'decorators of parameters are not in the standard',
    cells: 'const dec = (..._: unknown[]) => {};\nclass P { m(@dec x: number) {} }',
    error: '2:13 TS1206 Decorators are not valid here.',
  },
];

const classes: readonly Row[] = [
  {
    feature: '`accessor`',
    cells: 'class A { accessor x = 3; static accessor y = 4; }\n[new A().x + A.y, Object.keys(new A()).length]',
    gives: '[ 7, 0 ]',
  },
  {
    feature: 'private names and `#x in o`',
    cells:
      'class P { #x = 1; #m() { return this.#x; } static is(o: object) { return #x in o && o.#m() === 1; } }\n[P.is(new P()), P.is({})]',
    gives: '[ true, false ]',
  },
  {
    feature: 'a private name outside of its class is refused',
    cells: 'new P().#x',
    error: "1:9 TS2339 Property '#x' does not exist on type 'P'.",
  },
  {
    feature: 'static blocks',
    cells:
      'class S { static #n = 1; static total: number; static { for (let i = 0; i < 3; i++) S.#n += i; S.total = S.#n; } }\nS.total',
    gives: '4',
  },
  {
    feature: 'an abstract class of another cell, and what extends it',
    cells: [
      'abstract class Shape { abstract area(): number; toString() { return `${this.area()} m²`; } }',
      'class Square extends Shape { constructor(readonly side: number) { super(); } override area() { return this.side ** 2; } }\nString(new Square(3))',
    ],
    gives: "'9 m²'",
  },
  {
    feature: '`override` of nothing is refused',
    cells: 'class Base { a() {} }\nclass Derived extends Base { override b() {} }',
    error:
      "2:39 TS4113 This member cannot have an 'override' modifier because it is not declared in the base class 'Base'.",
  },
  {
    feature: 'a getter and a setter of different types',
    cells:
      "class Size { #n = 0; get n(): number { return this.#n; } set n(v: number | string) { this.#n = Number(v); } }\nconst size = new Size(); size.n = '12'; size.n + 1",
    gives: '13',
  },
  {
    feature: 'overloads',
    cells: [
      'function twice(x: number): number;\nfunction twice(x: string): string;\nfunction twice(x: any): any { return x + x; }',
      "const n: number = twice(2); const s: string = twice('a'); [n, s]",
    ],
    gives: "[ 4, 'aa' ]",
  },
  {
    feature: 'a call that no overload takes',
    cells: 'twice(true)',
    error: '1:7 TS2769 No overload matches this call.',
  },
  {
    feature: 'a property without a first value',
    cells: 'class Empty { x: number; y!: number; }',
    error: "1:15 TS2564 Property 'x' has no initializer and is not definitely assigned in the constructor.",
  },
  {
    feature: 'a class without a name that has private members',
    cells: [
      'class Open { private hidden = 1; shown = 2 }\nconst made = ((Base: typeof Open) => class extends Base { private own = 3; all() { return this.own + this.shown; } })(Open);',
      'new made().all()',
    ],
    gives: '5',
  },
  {
    feature: 'a class is run again; what was made before stays what it was',
    cells: [
      'class Version { v = 1 }\nconst old = new Version();',
      'class Version { v = 2; more = true }',
      '[old instanceof Version, new Version().more, old.v]',
    ],
    gives: '[ false, true, 1 ]',
  },
  {
    feature: 'a class and an interface of the same name in one cell',
    cells:
      'interface Merged { a: number }\nclass Merged { b = 2 }\nMerged.prototype.a = 1;\nconst merged = new Merged(); merged.a + merged.b',
    gives: '3',
  },
  {
    feature: 'class expressions, computed members, generator and async methods',
    cells:
      "const K = class { static ['a'] = 1; *[Symbol.iterator]() { yield 1; yield 2; } async later() { return 3; } };\n[...new K(), await new K().later()]",
    gives: '[ 1, 2, 3 ]',
  },
];

const types: readonly Row[] = [
  {
    feature: '`satisfies` keeps what it checks',
    cells:
      "const palette = { red: [255, 0, 0], green: '#0f0' } satisfies Record<string, string | number[]>;\npalette.green.toUpperCase() + palette.red.length",
    gives: "'#0F03'",
  },
  {
    feature: '`satisfies` refuses',
    cells: "({ a: 'x' }) satisfies { a: number };",
    error: "1:4 TS2322 Type 'string' is not assignable to type 'number'.",
  },
  {
    feature: '`const` type parameters',
    cells: [
      'const tuple = <const T extends readonly unknown[]>(...values: T) => values;',
      "const t = tuple('a', { b: 1 });\nconst first: 'a' = t[0]; const one: 1 = t[1].b; [first, one]",
    ],
    gives: "[ 'a', 1 ]",
  },
  {
    feature: '`NoInfer`',
    cells:
      "function light<C extends string>(colors: C[], initial?: NoInfer<C>) { return initial; }\nlight(['red', 'green'], 'blue')",
    error: `2:25 TS2345 Argument of type '"blue"' is not assignable to parameter of type '"red" | "green" | undefined'.`,
  },
  {
    feature: 'predicates that are inferred',
    cells: 'const present: number[] = [1, undefined, 3].filter((x) => x !== undefined);\npresent',
    gives: '[ 1, 3 ]',
  },
  {
    feature: '`asserts`',
    cells: [
      'function check(x: unknown, why?: string): asserts x { if (!x) throw new RangeError(why); }',
      "const maybe: string | undefined = ['a'].at(0);\ncheck(maybe);\nmaybe.length",
    ],
    gives: '1',
  },
  {
    feature: 'variadic tuples',
    cells:
      'type Concat<A extends readonly unknown[], B extends readonly unknown[]> = [...A, ...B];\nconst c: Concat<[1, 2], [string]> = [1, 2, 3];',
    error: "2:44 TS2322 Type 'number' is not assignable to type 'string'.",
  },
  {
    feature: 'template-literal types',
    cells:
      "type Event1<T extends string> = `on${Capitalize<T>}Change`;\nconst handler: Event1<'value'> = 'onvalueChange';",
    error: `2:7 TS2322 Type '"onvalueChange"' is not assignable to type '"onValueChange"'.`,
  },
  {
    feature: '`infer … extends`',
    cells:
      "type ToNumber<S> = S extends `${infer N extends number}px` ? N : never;\nconst px: ToNumber<'12px'> = 12;\npx",
    gives: '12',
  },
  {
    feature: 'mapped types with `as`',
    cells:
      'type Getters<T> = { [K in keyof T as `get${Capitalize<string & K>}`]: () => T[K] };\nconst g: Getters<{ age: number }> = { getAge: () => 7 };\ng.getAge()',
    gives: '7',
  },
  {
    feature: '`keyof`, `typeof` and indexed access',
    cells:
      "const sizes = { small: 1, large: 2 } as const;\ntype Name = keyof typeof sizes; type Size1 = (typeof sizes)[Name];\nconst get = <K extends Name>(k: K) => sizes[k];\nconst two: 2 = get('large'); two",
    gives: '2',
  },
  {
    feature: 'a key that there isn’t',
    cells: "get('medium')",
    error: `1:5 TS2345 Argument of type '"medium"' is not assignable to parameter of type '"small" | "large"'.`,
  },
  {
    feature: 'recursive types',
    cells: [
      'type Json = string | number | boolean | null | Json[] | { [key: string]: Json };',
      'const json: Json = { a: [1, { b: null }] }; const bad: Json = { a: () => 1 };',
    ],
    error: "1:51 TS2322 Type '{ a: () => number; }' is not assignable to type 'Json'.",
  },
  {
    feature: 'conditional types that distribute',
    cells: "type Only<T, U> = T extends U ? T : never;\nconst only: Only<'a' | 1 | true, string> = 1;",
    error: `2:7 TS2322 Type '1' is not assignable to type '"a"'.`,
  },
  {
    feature: '`unique symbol`',
    cells: [
      'const key: unique symbol = Symbol("key");\ninterface Keyed { [key]: number }',
      'const keyed: Keyed = { [key]: 5 };\nkeyed[key]',
    ],
    gives: '5',
  },
  {
    feature: 'union that is told apart',
    cells: [
      "type Figure = { kind: 'circle'; r: number } | { kind: 'square'; side: number };\nfunction area(f: Figure) { switch (f.kind) { case 'circle': return 3 * f.r ** 2; case 'square': return f.side ** 2; default: return f satisfies never; } }",
      "area({ kind: 'square', side: 3 })",
    ],
    gives: '9',
  },
  {
    feature: 'types by assertion: `<T>x`, `as`, `as const`, `!`',
    cells:
      "const any1: unknown = 'text';\nconst text1 = <string>any1; const text2 = any1 as string; const pair = [1, 'a'] as const; const found = [1].find(Boolean)!;\n[text1.length, text2.length, pair[1], found + 1]",
    gives: "[ 4, 4, 'a', 2 ]",
  },
  {
    feature: 'definite assignment',
    cells: 'let given!: number;\nlet notGiven: number;\n[given]; notGiven.toFixed()',
    error: "3:10 TS2454 Variable 'notGiven' is used before being assigned.",
  },
  {
    feature: 'generics with defaults and constraints',
    cells:
      'class Box<T extends { id: number } = { id: number; name: string }> { constructor(readonly value: T) {} }\nconst box: Box = new Box({ id: 1, name: "n" });\nbox.value.name',
    gives: "'n'",
  },
  {
    feature: '`in`, `out` and instantiation expressions',
    cells:
      'interface Source<out T> { next(): T }\ninterface Sink<in T> { put(x: T): void }\nconst numbers = Array.of<number>;\nconst source: Source<unknown> = { next: () => numbers(1) } satisfies Source<number[]>;\nsource.next()',
    gives: '[ 1 ]',
  },
  {
    feature: 'index signatures by templates and by symbols',
    cells:
      'interface Data { [key: `data-${string}`]: number; [symbol: symbol]: string }\nconst data: Data = { "data-a": 1, [Symbol.iterator]: "s", other: 2 };',
    error: "2:59 TS2353 Object literal may only specify known properties, and 'other' does not exist in type 'Data'.",
  },
  {
    feature: 'the types that the library has',
    cells:
      "type P1 = Awaited<Promise<Promise<number>>>; type R1 = ReturnType<() => string>; type X1 = Exclude<'a' | 'b', 'a'>; type U1 = Uppercase<X1>;\nconst all: [P1, R1, U1, Required<{ a?: 1 }>, Pick<{ a: 1; b: 2 }, 'b'>] = [1, 'r', 'B', { a: 1 }, { b: 2 }];\nall.length",
    gives: '5',
  },
  {
    feature: 'an alias of a type is run again, as another one',
    cells: ['type Id = number;', 'type Id = string;', "const id: Id = 'x'; id"],
    gives: "'x'",
  },
  {
    feature: 'an interface is run again, as another one; within one cell two are merged',
    cells: [
      'interface Item { a: number }',
      'interface Item { b: number }\ninterface Item { c: number }',
      'const item: Item = { b: 1, c: 2 }; const before: Item = { a: 1, b: 1, c: 2 };',
    ],
    error: "1:59 TS2353 Object literal may only specify known properties, and 'a' does not exist in type 'Item'.",
  },
  {
    feature: 'a type and a value of the same name, of which one is run again',
    cells: [
      'type Both = { x: number };\nconst Both = { make: (): Both => ({ x: 1 }) };',
      'const Both = { make2: (): Both => ({ x: 2 }) };',
      'const both: Both = Both.make2(); both.x',
    ],
    gives: '2',
  },
];

const errors: readonly Row[] = [
  {
    feature: 'what is not assignable',
    cells: "const n1: number = 'text';",
    error: "1:7 TS2322 Type 'string' is not assignable to type 'number'.",
  },
  {
    feature: 'an argument of another type',
    cells: "Math.sqrt('4')",
    error: "1:11 TS2345 Argument of type 'string' is not assignable to parameter of type 'number'.",
  },
  {
    feature: 'a property that there isn’t',
    cells: "'text'.lenght",
    error: "1:8 TS2551 Property 'lenght' does not exist on type '\"text\"'. Did you mean 'length'?",
  },
  {
    feature: 'a variable that may be null',
    cells: 'let nothing = Math.random() > 2 ? { a: 1 } : null;\nnothing.a',
    error: "2:1 TS18047 'nothing' is possibly 'null'.",
  },
  {
    feature: 'a variable that may be undefined',
    cells: 'const at = [1].at(5);\nat.toFixed()',
    error: "2:1 TS18048 'at' is possibly 'undefined'.",
  },
  {
    feature: 'what is unknown',
    cells: 'try { throw 1 } catch (e) { e.message }',
    error: "1:29 TS18046 'e' is of type 'unknown'.",
  },
  {
    feature: 'a parameter without a type',
    cells: 'function untyped1(x) { return x; }',
    error: "1:19 TS7006 Parameter 'x' implicitly has an 'any' type.",
  },
  {
    feature: 'a constant of another cell that is assigned',
    cells: ['const fixed = 1;', 'fixed = 2;'],
    error: "1:1 TS2588 Cannot assign to 'fixed' because it is a constant.",
  },
  {
    feature: 'a variable that is used before it is declared',
    cells: 'early + 1; const early = 1;',
    error:
      "1:1 TS2448 Block-scoped variable 'early' used before its declaration.\n1:1 TS2454 Variable 'early' is used before being assigned.",
  },
  {
    feature: 'a syntax error',
    cells: 'const = 3;',
    error: '1:7 TS1134 Variable declaration expected.\n1:9 TS1134 Variable declaration expected.',
  },
  {
    feature: 'JSX',
    cells: 'const element = <div>text</div>;',
    error: "cells are TypeScript without JSX: import { display } from 'tslab' shows HTML, display.html('<b>text</b>')",
  },
  {
    feature: 'a regular expression that there can’t be',
    cells: '/(?<year>\\d{4})-(?<year>\\d)/',
    error: '1:20 TS1515 Named capturing groups with the same name must be mutually exclusive to each other.',
  },
  {
    feature: '`with`',
    cells: 'with (Math) {}',
    error:
      "1:1 TS1101 'with' statements are not allowed in strict mode.\n1:1 TS2410 The 'with' statement is not supported. All symbols in a 'with' block will have type 'any'.",
  },
  { feature: 'unreachable code', cells: "function stops() { return 1; console.log('never'); }\nstops()", gives: '1' },
  { feature: 'unused labels', cells: 'unused: for (const x of [1]) console.log(x);', gives: lines('1') },
  {
    feature: '`@ts-expect-error`, `@ts-ignore`',
    cells: "// @ts-expect-error\nconst wrong1: number = 'text';\n// @ts-ignore\nconst wrong2: number = 'text';\nwrong1",
    gives: "'text'",
  },
  {
    feature: '`@ts-nocheck`',
    cells: "// as it was found\n// @ts-nocheck\nconst unchecked: number = 'text'; unchecked",
    gives: "'text'",
  },
  {
    feature: '`@ts-expect-error` of nothing',
    cells: '// @ts-expect-error\nconst right: number = 1;',
    error: "1:1 TS2578 Unused '@ts-expect-error' directive.",
  },
];

const names: readonly Row[] = [
  {
    feature: 'enums, both ways',
    cells: ['enum Color { Red, Green = 5, Blue }', 'Color[Color.Blue] + Color.Blue'],
    gives: "'Blue6'",
  },
  {
    feature: 'enums of text, and computed',
    cells: "enum Level { Low = 'low', High = `${Low}er`, Size = 'abc'.length }\n[Level.High, Level.Size]",
    gives: "[ 'lower', 3 ]",
  },
  {
    feature: 'constant enums in later cells',
    cells: ['const enum Flag { A = 1 << 0, B = 1 << 1, All = A | B }', 'Flag.All'],
    gives: '3',
  },
  {
    feature: 'an enum is run again with other members',
    cells: ['enum Again { A }', 'enum Again { A = 7, B }', 'const again1: Again = Again.B; again1'],
    gives: '8',
  },
  {
    feature: 'namespaces',
    cells: [
      'namespace Geo { export const scale = 2; export function area(x: number) { return x * scale; } export type Unit = "m" | "km"; const hidden = 1; }',
      'const unit: Geo.Unit = "km"; `${Geo.area(4)} ${unit}`',
    ],
    gives: "'8 km'",
  },
  {
    feature: 'a namespace that uses another cell’s, and its own',
    cells: [
      'namespace Solid { export const edge = 3; export const volume = (h: number) => Geo.area(edge) * h; }',
      'Solid.volume(2)',
    ],
    gives: '12',
  },
  {
    feature: 'namespaces in namespaces, merged with a function',
    cells:
      'function lib() { return lib.version; }\nnamespace lib { export let version = 3; export namespace inner { export const deep = 4; } }\nimport deep = lib.inner.deep;\nlib() + deep',
    gives: '7',
  },
  {
    feature: 'names that CommonJS has',
    cells: [
      "import { createRequire } from 'node:module';\nimport { fileURLToPath } from 'node:url';\nconst require = createRequire(import.meta.url), __filename = fileURLToPath(import.meta.url), module = { id: 5 };",
      "[module.id, typeof require('node:os').cpus, __filename.endsWith('notebook.ipynb')]",
    ],
    gives: "[ 5, 'function', true ]",
  },
  {
    feature: 'the same names in a module',
    cells: "import { known } from './own';\nknown",
    gives: "[ 'own.ts', 'function', 5, 'object' ]",
  },
  {
    feature: 'the one name that cells need themselves',
    cells: 'const exports = {};',
    error: 'exports is the name by which cells know the variables of others: take another one',
  },
  {
    feature: 'names that begin with underscores',
    cells: [
      'const __x = 1; let ___y = 2; type __T = number; class __C { m = __x }',
      'const __t: __T = ___y; [__x, __t, new __C()]',
    ],
    gives: '[ 1, 2, __C { m: 1 } ]',
  },
  {
    feature: 'words that are names elsewhere',
    cells: [
      'const type = 1, using = 2, of = 3, async = 4, get = 5, declare = 6, namespace = 7, satisfies = 8;',
      'using + type + of + async + get + declare + namespace + satisfies',
    ],
    gives: '36',
  },
  {
    feature: '`declare` gives a type to what is there',
    cells: '(globalThis as any).givenElsewhere = 12;\ndeclare const givenElsewhere: number;\ngivenElsewhere + 1',
    gives: '13',
  },
  {
    feature: '`declare global`',
    cells: [
      'declare global { interface Array<T> { second(): T | undefined } }\nArray.prototype.second = function () { return this[1]; };',
      '[1, 2].second()',
    ],
    gives: '2',
  },
  {
    feature: '`export` before declarations, `export default`',
    cells: [
      'export const shared1 = 1; export function shared2() { return 2; } export type Shared3 = 3;',
      'const shared3: Shared3 = 3; shared1 + shared2() + shared3',
    ],
    gives: '6',
  },
  {
    feature: 'functions are there before their cell',
    cells: 'hoisted(); function hoisted() { return 5; }\nhoisted()',
    gives: '5',
  },
  {
    feature: 'a function that another cell runs again, called by one of a third cell',
    cells: [
      "function part() { return 'old'; }",
      'function whole() { return part(); }',
      "function part() { return 'new'; }",
      'whole() + part()',
    ],
    gives: "'newnew'",
  },
  {
    feature: 'destructuring at the top level, with defaults and the rest',
    cells: [
      'const { a1, b1: { c1 = 5 } = {}, ...rest1 } = { a1: 1, d1: 2, e1: 3 } as { a1: number; b1?: { c1?: number }; d1: number; e1: number };\nlet [x1, , y1 = 9, ...z1] = [1, 2, undefined, 4, 5];',
      '[a1, c1, rest1, x1, y1, z1]',
    ],
    gives: '[ 1, 5, { d1: 2, e1: 3 }, 1, 9, [ 4, 5 ] ]',
  },
  {
    feature: 'destructuring what an earlier cell has made, under other names',
    cells: [
      "const box1 = { width: 2, inner: { height: 3, 'dash-ed': 4 }, depths: [{ depth: 5 }] };",
      "const { width: w1, inner: { height: h1 = 9, 'dash-ed': d1 }, ...others1 } = box1;\nconst [{ depth: z1 }] = box1.depths;\nlet f1; ({ width: f1 } = box1);",
      'const area = ({ width: a, inner: { height: b } }: typeof box1) => a * b;\n[w1, h1, d1, z1, f1, area(box1), Object.keys(others1)]',
    ],
    gives: "[ 2, 3, 4, 5, 2, 6, [ 'depths' ] ]",
  },
  {
    feature: 'destructuring again in a later cell, with other types',
    cells: [
      "const { a1, ...rest1 } = { a1: 'text', f1: true };\nlet [x1] = 'uv';",
      'const back: string = a1 + x1; [back, rest1.f1]',
    ],
    gives: "[ 'textu', true ]",
  },
  {
    feature: '`var` in a block, again and again',
    cells: [
      'if (true) { var inBlock = 1; }\nfor (var counted = 0; counted < 3; counted++);',
      'inBlock++;\n[inBlock, counted]',
    ],
    gives: '[ 2, 3 ]',
  },
  {
    feature: '`let` that a later cell assigns, seen by a function of before',
    cells: ['let seenBy = 1; const look = () => seenBy;', 'seenBy++; seenBy += 10;', 'look()'],
    gives: '12',
  },
  { feature: '`this` at the top level', cells: 'this', gives: '' },
  { feature: '`arguments` at the top level', cells: 'arguments', error: "1:1 TS2304 Cannot find name 'arguments'." },
  {
    feature: '`arguments` and `this` in functions',
    cells:
      'function count(..._: unknown[]) { return arguments.length; }\nconst o = { n: 3, m() { return [1].map(() => this.n)[0]; } };\ncount(1, 2) + o.m()',
    gives: '5',
  },
  {
    feature: '`import type`, `import { type … }`, `typeof import()`',
    cells: [
      "import type { Stats } from 'node:fs';\nimport { type Dirent, existsSync } from 'node:fs';",
      "const stats: Pick<Stats, 'size'> = { size: 4 }; let dirent: Dirent | undefined; type Path = typeof import('node:path');\nexistsSync('/') && stats.size",
    ],
    gives: '4',
  },
  {
    feature: 'a value that is imported as a type',
    cells: "import type { statSync } from 'node:fs';\nstatSync('/')",
    error: "2:1 TS1361 'statSync' cannot be used as a value because it was imported using 'import type'.",
  },
  {
    feature: 'import attributes',
    cells: "import packageJson from './package.json' with { type: 'json' };\npackageJson.name",
    gives: "'matrix'",
  },
  {
    feature: 'import of JSON by a promise, with attributes',
    cells: "(await import('./package.json', { with: { type: 'json' } })).default.name",
    gives: "'matrix'",
  },
  {
    feature: 'import of a namespace, of a default, by another name',
    cells: [
      "import * as path from 'node:path'; import os, { EOL as newLine } from 'node:os';",
      "[path.join('a', 'b'), typeof os.cpus, newLine]",
    ],
    gives: "[ 'a/b', 'function', '\\n' ]",
  },
  {
    feature: '`import x = require()`',
    cells: "import util = require('node:util');\nutil.format('%d', 1)",
    gives: "'1'",
  },
  {
    feature: 'a module that there isn’t',
    cells: "import 'not-there';",
    error: "1:8 TS2882 Cannot find module or type declarations for side-effect import of 'not-there'.",
  },
  {
    feature: '`import.meta`',
    cells: "import.meta.url.startsWith('file:') && import.meta.dirname === process.cwd()",
    gives: 'true',
  },
  { feature: '`export default` of a value', cells: 'export default 5;', gives: '' },
];

const running: readonly Row[] = [
  {
    feature: '`await` at the top level, in declarations and in blocks',
    cells: ['const awaited = await Promise.resolve(2);\nif (awaited) { await null; }', 'awaited'],
    gives: '2',
  },
  {
    feature: '`await` in a name that is computed',
    cells: "({ [await Promise.resolve('key')]() { return 4; } }).key!()",
    gives: '4',
  },
  {
    feature: '`for await`',
    cells:
      'async function* steps() { yield 1; yield 2; }\nlet sum1 = 0; for await (const s of steps()) sum1 += s;\nsum1',
    gives: '3',
  },
  {
    feature: '`await` in a function that is not asynchronous',
    cells: 'function waits() { await null; }',
    error: "1:20 TS1308 'await' expressions are only allowed within async functions and at the top levels of modules.",
  },
  {
    feature: 'labelled statements',
    cells:
      'let steps1 = 0;\nouter: for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) { if (j === 1) continue outer; if (i === 2) break outer; steps1++; }\nsteps1',
    gives: '2',
  },
  {
    feature: 'generators, both ways',
    cells:
      'function* talk(): Generator<string, number, boolean> { const answer = yield "?"; return answer ? 1 : 0; }\nconst talking = talk(); [talking.next(), talking.next(true)]',
    gives: "[ { value: '?', done: false }, { value: 1, done: true } ]",
  },
  {
    feature: 'optional chaining',
    cells:
      'const deep: { a?: { b?: (x: number) => number; c?: number[] } } = { a: { c: [7] } };\n[deep.a?.b?.(1), deep?.a?.c?.[0], delete deep.a?.c]',
    gives: '[ undefined, 7, true ]',
  },
  {
    feature: '`??`, `??=`, `||=`, `&&=`, `**=`',
    cells:
      'let n2: number | undefined, zero: number = 0, four = 4; n2 ??= 2; zero ||= 3; four &&= 5; four **= 2;\n[n2, zero, four]',
    gives: '[ 2, 3, 25 ]',
  },
  {
    feature: '`??=` on a variable of another cell',
    cells: ['let cached: number | undefined;', 'cached ??= 8;', 'cached ??= 9; cached'],
    gives: '8',
  },
  {
    feature: 'BigInt and separators in numbers',
    cells: '[2n ** 64n, 1_000_000, 0b1010_1010, 0o17, 0xff_ffn]',
    gives: '[ 18446744073709551616n, 1000000, 170, 15, 65535n ]',
  },
  {
    feature: 'tagged templates',
    cells:
      'const tag = (parts: TemplateStringsArray, ...values: unknown[]) => parts.raw.join("|") + values.join();\ntag`a${1}\\n${2}c`',
    gives: "'a|\\\\n|c1,2'",
  },
  {
    feature: 'the `d` flag of regular expressions',
    cells: "/b(?<c>c)/d.exec('abc')!.indices!.groups!.c",
    gives: '[ 2, 3 ]',
  },
  {
    feature: 'the `v` flag of regular expressions',
    cells: "/^[\\p{L}--[a-z]]$/v.test('É') && !/^[\\p{L}--[a-z]]$/v.test('e')",
    gives: 'true',
  },
  {
    feature: 'modifiers in regular expressions',
    cells: "/^(?i:a)b$/.test('Ab') && !/^(?i:a)b$/.test('AB')",
    gives: 'true',
    needs: [
      "(() => { try { return Boolean(new RegExp('(?i:a)')); } catch { return false; } })()",
      'SyntaxError: Invalid regular expression: /^(?i:a)b$/: Invalid group',
    ],
  },
  {
    feature: '`Object.groupBy`',
    cells: "Object.groupBy([1, 2, 3], (x) => (x % 2 ? 'odd' : 'even'))",
    gives: '[Object: null prototype] { odd: [ 1, 3 ], even: [ 2 ] }',
    needs: [
      "'groupBy' in Object",
      `1:8 TS2550 Property 'groupBy' does not exist on type 'ObjectConstructor'. ${lacking('ES2024')}\n1:28 TS7006 Parameter 'x' implicitly has an 'any' type.`,
    ],
  },
  {
    feature: '`Array.fromAsync`',
    cells: 'await Array.fromAsync((async function* () { yield 1; yield 2; })())',
    gives: '[ 1, 2 ]',
    needs: [
      "'fromAsync' in Array",
      `1:13 TS2550 Property 'fromAsync' does not exist on type 'ArrayConstructor'. ${lacking('ESNext')}`,
    ],
  },
  {
    feature: 'helpers of iterators',
    cells: '[1, 2, 3, 4].values().filter((x) => x % 2 === 0).map((x) => x * 10).toArray()',
    gives: '[ 20, 40 ]',
    needs: [
      "typeof Iterator === 'function'",
      "1:23 TS2339 Property 'filter' does not exist on type 'ArrayIterator<number>'.\n1:31 TS7006 Parameter 'x' implicitly has an 'any' type.\n1:55 TS7006 Parameter 'x' implicitly has an 'any' type.",
    ],
  },
  {
    feature: 'methods of sets',
    cells: 'new Set([1, 2]).union(new Set([2, 3]))',
    gives: 'Set(3) { 1, 2, 3 }',
    needs: [
      "'union' in Set.prototype",
      `1:17 TS2550 Property 'union' does not exist on type 'Set<number>'. ${lacking('ES2025')}`,
    ],
  },
  {
    feature: '`Promise.withResolvers`',
    cells: 'const { promise, resolve } = Promise.withResolvers<number>(); resolve(4); await promise',
    gives: '4',
    needs: [
      "'withResolvers' in Promise",
      `1:38 TS2550 Property 'withResolvers' does not exist on type 'PromiseConstructor'. ${lacking('ES2024')}`,
    ],
  },
  {
    feature: '`Promise.try`',
    cells: 'await Promise.try((x: number) => x + 1, 1)',
    gives: '2',
    needs: [
      "'try' in Promise",
      `1:15 TS2550 Property 'try' does not exist on type 'PromiseConstructor'. ${lacking('ES2025')}`,
    ],
  },
  {
    feature: '`Error.isError`',
    cells: 'Error.isError(new TypeError())',
    gives: 'true',
    needs: [
      "'isError' in Error",
      `1:7 TS2550 Property 'isError' does not exist on type 'ErrorConstructor'. ${lacking('ESNext')}`,
    ],
  },
  {
    feature: '`RegExp.escape`',
    cells: "RegExp.escape('a.b')",
    gives: "'\\\\x61\\\\.b'",
    needs: [
      "'escape' in RegExp",
      `1:8 TS2550 Property 'escape' does not exist on type 'RegExpConstructor'. ${lacking('ES2025')}`,
    ],
  },
  {
    feature: '`Float16Array`',
    cells: 'new Float16Array([0.1])[0]',
    gives: '0.0999755859375',
    needs: ["'Float16Array' in globalThis", "1:5 TS2304 Cannot find name 'Float16Array'."],
  },
  {
    feature: 'arrays that are changed by copy',
    cells:
      'const array = [3, 1, 2];\n[array.toSorted(), array.with(0, 9), array.findLast((x) => x > 1), array.toSpliced(0, 2)]',
    gives: '[ [ 1, 2, 3 ], [ 9, 1, 2 ], 2, [ 2 ] ]',
  },
  {
    feature: 'what every Node has',
    cells:
      "[typeof crypto.randomUUID, await new Response(new Blob(['a'])).text(), new URL('a', 'http://b').href, typeof structuredClone, performance.now() > 0]",
    gives: "[ 'function', 'a', 'http://b/a', 'function', true ]",
  },
  {
    feature: 'a last expression in a comment’s company, without semicolon',
    cells: 'const q = 2\nq * 2 // twice\n/* end */',
    gives: '4',
  },
];

export const table: Readonly<Record<string, readonly Row[]>> = {
  resources,
  decorators,
  classes,
  types,
  errors,
  names,
  running,
};
