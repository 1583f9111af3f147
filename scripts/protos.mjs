/**
 * `npm run protos`: generates lib/src/protos/generated from lib/protos: for each `.proto` file the interfaces of its
 * messages, their codecs, and its enums; `descriptor.ts` contains all messages for protobufjs' reflection, so that
 * programs needn't read or parse `.proto` files.
 *
 * protobufjs' own generator (`pbjs`, `pbts`) creates classes whose fields may be `null` and `Long`, and brings 28 MB of
 * packages. So only its parser is used here, for the fields' names, types and comments.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { commandLine } from './commandLine.mjs';
import { inRoot } from './setup/paths.mjs';

const protobuf = createRequire(inRoot('lib', 'package.json'))('protobufjs');
const sources = inRoot('lib', 'protos');
const target = inRoot('lib', 'src', 'protos', 'generated');
const { camelCase } = protobuf.util;

const LINE = 120;
const LONG = /^(?:u?int64|sint64|s?fixed64)$/;
const scalars = { string: 'string', bytes: 'Uint8Array', bool: 'boolean' };

/** All messages, with their fields named and commented as in the `.proto` files. */
function parse(files) {
  const options = { keepCase: true, alternateCommentMode: true, preferTrailingComment: true };
  return new protobuf.Root().loadSync(files, options).resolveAll();
}

const isNamespace = (thing) => thing instanceof protobuf.Namespace && !(thing instanceof protobuf.Type);
/** The messages and enums that aren't nested in a message. */
const topLevel = (namespace) =>
  namespace.nestedArray.flatMap((thing) => (isNamespace(thing) ? topLevel(thing) : [thing]));
const enumsIn = (type) =>
  type.nestedArray.flatMap((thing) => (thing instanceof protobuf.Enum ? [thing] : enumsIn(thing)));

const fullName = (thing) => thing.fullName.replace(/^\.(tensorflow\.)?/, '');
const moduleOf = (source) => camelCase(path.basename(source, '.proto'));
const fileOf = (thing) => (thing.filename ? moduleOf(thing.filename) : fileOf(thing.parent));
/**
 * The TypeScript name, without the package; a nested enum with a one-word name gets its message's name as prefix:
 * `LogMessage.Level` is `LogLevel`.
 */
function nameOf(thing) {
  if (thing instanceof protobuf.Type) return fullName(thing).replace(/^google\.protobuf\./, '');
  const isVague = /^[A-Z][a-z]+$/.test(thing.name) && thing.parent.name !== 'tensorflow';
  const [of] = /^[A-Z]*[a-z]+/.exec(thing.parent.name);
  return isVague ? of[0].toUpperCase() + of.slice(1) + thing.name : thing.name;
}

/** Turns a comment into a doc comment with our field names. */
function docComment(text, fieldNames, indent) {
  if (!text) return [];
  const lines = text
    .replace(/`[^`\n]*`/g, (code) => code.replace(/\w+/g, (word) => (fieldNames.has(word) ? camelCase(word) : word)))
    .split('\n');
  if (lines.length === 1) return [`${indent}/** ${lines[0]} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

function elementType({ resolvedType, type, options }) {
  if (resolvedType instanceof protobuf.Type) return nameOf(resolvedType);
  if (LONG.test(type) && options?.jstype !== 'JS_NUMBER') return 'number | bigint';
  return scalars[type] ?? 'number';
}

function property(field, file) {
  const element = elementType(field);
  const isMessage = field.resolvedType instanceof protobuf.Type;
  // 64-bit and boolean keys are strings: not every one is a number.
  const key = field.map && /32$/.test(field.keyType) ? 'number' : 'string';
  const list = element.includes('|') ? `(${element})[]` : `${element}[]`;
  const type = field.map ? `Record<${key}, ${element}>` : field.repeated ? list : element;
  const mayBeAbsent = !field.map && !field.repeated && (isMessage || field.partOf);
  const of = field.resolvedType instanceof protobuf.Enum ? nameOf(field.resolvedType) : undefined;
  const link = of && (fileOf(field.resolvedType) === file ? `{@link ${of}}` : `\`${of}\``);
  const comment = [link && `One of ${link}.`, field.comment].filter(Boolean).join(' ');
  return { comment, code: `${camelCase(field.name)}${mayBeAbsent ? '?' : ''}: ${type};` };
}

function messageLines(type, context, indent = '') {
  const { fieldNames, file } = context;
  const lines = docComment(type.comment, fieldNames, indent);
  lines.push(`${indent}export interface ${type.name} {`);
  for (const field of type.fieldsArray) {
    const { comment, code } = property(field.resolve(), file);
    lines.push(...docComment(comment, fieldNames, `${indent}  `), `${indent}  ${code}`);
  }
  lines.push(`${indent}}`);
  const inner = type.nestedArray.filter((thing) => thing instanceof protobuf.Type);
  if (inner.length > 0) {
    lines.push(`${indent}export namespace ${type.name} {`);
    for (const message of inner) lines.push(...messageLines(message, context, `${indent}  `));
    lines.push(`${indent}}`);
  }
  return lines;
}

/** The common prefix of all names up to an underscore: C++ needs it, whereas here the enum's name precedes the dot. */
function commonPrefix(names) {
  let prefix = names[0].replace(/[^_]*$/, '');
  while (!names.every((name) => name.startsWith(prefix))) prefix = prefix.replace(/[^_]*_$/, '');
  return prefix;
}

function enumLines(type, { fieldNames }) {
  const values = Object.entries(type.values);
  const prefix = commonPrefix(Object.keys(type.values));
  const comment = [type.comment, nameOf(type) === fullName(type) ? '' : `\`${fullName(type)}\`.`];
  return [
    ...docComment(comment.filter(Boolean).join(' '), fieldNames, ''),
    `export const ${nameOf(type)} = {`,
    ...values.flatMap(([name, number]) => [
      ...docComment(type.comments[name], fieldNames, '  '),
      `  ${name.slice(prefix.length)}: ${number},`,
    ]),
    '} as const;',
  ];
}

/** The TypeScript file for a `.proto` file. */
function typesFile(source, things, fieldNames) {
  const file = moduleOf(source);
  const context = { file, fieldNames };
  const parts = things.flatMap((thing) => {
    if (thing instanceof protobuf.Enum) return [enumLines(thing, context)];
    const codec = `export const ${thing.name}: Codec<${thing.name}> = codec('${fullName(thing)}');`;
    return [[...messageLines(thing, context), codec], ...enumsIn(thing).map((type) => enumLines(type, context))];
  });
  const others = new Map();
  const visit = (type) => {
    if (!(type instanceof protobuf.Type)) return;
    for (const { resolvedType } of type.fieldsArray) {
      if (!(resolvedType instanceof protobuf.Type) || fileOf(resolvedType) === file) continue;
      const names = others.get(fileOf(resolvedType)) ?? new Set();
      others.set(fileOf(resolvedType), names.add(nameOf(resolvedType).split('.')[0]));
    }
    type.nestedArray.forEach(visit);
  };
  things.forEach(visit);
  const imports = [...others].sort().map(([from, names]) => {
    const line = `import type { ${[...names].sort().join(', ')} } from './${from}';`;
    if (line.length > LINE) throw new Error(`an import is too long for a line: ${line}`);
    return line;
  });
  const [title] = /^(?:\/\/ .*\n)+/.exec(readFileSync(source, 'utf8')) ?? [''];
  const head = [
    '/**',
    ...title.replaceAll('// ', ' * ').trimEnd().split('\n'),
    ' *',
    ` * Made by \`npm run protos\` from lib/protos/${path.basename(source)}, where changes belong.`,
    ' */',
    ...(things.some((thing) => thing instanceof protobuf.Type)
      ? ["import { type Codec, codec } from '../codec';"]
      : []),
    ...imports,
  ];
  return [head, ...parts].map((lines) => `${lines.join('\n')}\n`).join('\n');
}

/** A literal in the formatter's style. */
function literal(value, indent = '') {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object') return String(value);
  const items = Array.isArray(value)
    ? value.map((item) => literal(item, `${indent}  `))
    : Object.entries(value).map(([key, item]) => `${key}: ${literal(item, `${indent}  `)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{ ', ' }'];
  const isFlat = Object.values(value).every((item) => typeof item !== 'object');
  const line = `${open}${items.join(', ')}${close}`;
  if (isFlat && (Array.isArray(value) || 'id' in value) && indent.length + 'oneof: '.length + line.length < LINE)
    return line;
  return `${open.trim()}\n${items.map((item) => `${indent}  ${item},\n`).join('')}${indent}${close.trim()}`;
}

/** All messages for reflection; `jstype` only affects the TypeScript types and is removed. */
function descriptorFile(root) {
  const withoutType = ({ jstype, ...options }) => (Object.keys(options).length > 0 ? options : undefined);
  const messages = JSON.parse(JSON.stringify(root), (key, value) => (key === 'options' ? withoutType(value) : value));
  return `/**
 * Every message as protobufjs' reflection takes it, fields named as in the \`.proto\` files.
 *
 * Made by \`npm run protos\` from lib/protos, where changes belong.
 */
import type { IField, IMapField, IOneOf } from 'protobufjs/light';

/** A package, a message or an enum. */
export interface Descriptor {
  fields?: Record<string, IField | IMapField>;
  oneofs?: Record<string, IOneOf>;
  values?: Record<string, number>;
  nested?: Record<string, Descriptor>;
}

export const descriptor: Descriptor = ${literal(messages)};
`;
}

/** The files that belong in lib/src/protos/generated, by name; for another folder of `.proto` files, its files. */
export function generatedFiles(folder = sources) {
  const protoFiles = readdirSync(folder).sort();
  const root = parse(protoFiles.map((file) => path.join(folder, file)));
  const things = topLevel(root);
  checkNames(things.flatMap((thing) => [thing, ...(thing instanceof protobuf.Enum ? [] : enumsIn(thing))]));
  const fieldNames = new Set(things.flatMap(fieldNamesIn));

  const files = {};
  for (const name of protoFiles) {
    const here = things.filter((thing) => path.basename(thing.filename) === name);
    files[`${moduleOf(name)}.ts`] = typesFile(path.join(folder, name), here, fieldNames);
  }
  const exported = Object.keys(files).map((name) => `export * from './${path.basename(name, '.ts')}';\n`);
  files['index.ts'] = `/** All messages and enums. Made by \`npm run protos\`. */\n${exported.sort().join('')}`;
  files['descriptor.ts'] = descriptorFile(root);
  return files;
}

const fieldNamesIn = ({ fieldsArray = [], nestedArray = [] }) => [
  ...fieldsArray.map((field) => field.name),
  ...nestedArray.flatMap(fieldNamesIn),
];

/** Throws if two things have the same name, since all are exported side by side. */
function checkNames(things) {
  const known = new Map();
  for (const thing of things) {
    const other = known.get(nameOf(thing));
    if (other) throw new Error(`${fullName(other)} and ${fullName(thing)} would both be called ${nameOf(thing)}`);
    known.set(nameOf(thing), thing);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  commandLine(import.meta.url);
  const files = generatedFiles();
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(target, name), text);
}
