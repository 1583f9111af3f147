/** What messages are made of: the fields of each by name and by number, from the descriptors. */
import { type Descriptor, descriptor, type FieldDescriptor } from './generated/descriptor';

/** The types of values that are no messages; an enum's are 32-bit integers. */
export type ScalarType =
  | 'bool'
  | 'bytes'
  | 'double'
  | 'fixed32'
  | 'fixed64'
  | 'float'
  | 'int32'
  | 'int64'
  | 'string'
  | 'uint32'
  | 'uint64';

/** One field of messages of a type. */
export interface Field {
  /** Its name in messages: that of the `.proto` file in camelCase, or as it is there. */
  readonly name: string;
  readonly id: number;
  /** What its values are, unless they are messages. */
  readonly scalar: ScalarType | undefined;
  readonly isRepeated: boolean;
  /** What the keys are, where it is a map. */
  readonly key: ScalarType | undefined;
  /** Whether a message can be without it, so that its default value is a value too. */
  readonly mayBeAbsent: boolean;
  /** The fields that are no more when this one is set. */
  readonly rivals: readonly string[];
  /** The type of its values, where they are messages. */
  readonly message: MessageType | undefined;
  /** The names of its values, where they are an enum's. */
  readonly values: Readonly<Record<number, string>> | undefined;
}

/** The type of messages. */
export interface MessageType {
  readonly name: string;
  /** In the order of the `.proto` file. */
  readonly fields: readonly Field[];
  /** In the order of their numbers, in which they are written. */
  readonly inOrder: readonly Field[];
  /** By their numbers. */
  readonly byId: readonly (Field | undefined)[];
  readonly byName: ReadonlyMap<string, Field>;
  /** A message of which each field has its default, but for those that may be absent. */
  create(): Record<string, unknown>;
}

/** How fields are called: in camelCase as in our messages, or as in `.proto` files, for texts. */
export type Naming = 'camelCase' | 'asInFiles';

const known: Record<Naming, Map<string, MessageType>> = { camelCase: new Map(), asInFiles: new Map() };

/**
 * The type of a message, by its full name, `tensorflow.Summary.Value`.
 *
 * @throws {Error} when there is none
 */
export function messageType(name: string, naming: Naming = 'camelCase'): MessageType {
  const types = known[naming];
  const type = types.get(name) ?? makeType(name, naming);
  types.set(name, type);
  return type;
}

const NUMBERS: ReadonlySet<string> = new Set([
  'bool',
  'double',
  'fixed32',
  'fixed64',
  'float',
  'int32',
  'int64',
  'uint32',
  'uint64',
]);

const isScalar = (type: string): type is ScalarType => NUMBERS.has(type) || type === 'string' || type === 'bytes';

/** Whether a list of such values stands behind one tag. */
export const isPacked = (scalar: ScalarType | undefined): boolean => scalar !== undefined && NUMBERS.has(scalar);

function makeType(name: string, naming: Naming): MessageType {
  const path = name.split('.');
  const described = find(path);
  if (described?.fields === undefined) throw new Error(`there is no message ${name}`);
  const nameOf = (field: string) =>
    naming === 'camelCase' ? field.replace(/(?<=.)_([a-z])/g, (_, letter: string) => letter.toUpperCase()) : field;
  const oneofs = Object.values(described.oneofs ?? {}).map(({ oneof }) => oneof);
  const fields = Object.entries(described.fields).map(([field, description]) => {
    const oneof = oneofs.find((members) => members.includes(field));
    const rivals = (oneof ?? []).filter((member) => member !== field).map(nameOf);
    return makeField(nameOf(field), description, { path, naming, rivals, isInOneof: oneof !== undefined });
  });
  const byId: (Field | undefined)[] = [];
  for (const field of fields) byId[field.id] = field;
  return {
    name,
    fields,
    inOrder: [...fields].sort((a, b) => a.id - b.id),
    byId,
    byName: new Map(fields.map((field) => [field.name, field])),
    create: creator(path.at(-1)!, fields),
  };
}

interface Context {
  readonly path: readonly string[];
  readonly naming: Naming;
  readonly rivals: readonly string[];
  readonly isInOneof: boolean;
}

function makeField(name: string, { id, type, rule, keyType }: FieldDescriptor, context: Context): Field {
  const { naming, rivals, isInOneof } = context;
  const shared = { name, id, rivals, isRepeated: rule === 'repeated', key: keyType as ScalarType | undefined };
  if (isScalar(type)) return { ...shared, scalar: type, mayBeAbsent: isInOneof, message: undefined, values: undefined };
  const [typeName, { values }] = resolve(type, context.path);
  if (values !== undefined) {
    const names = Object.fromEntries(Object.entries(values).map(([value, number]) => [number, value]));
    return { ...shared, scalar: 'int32', mayBeAbsent: isInOneof, message: undefined, values: names };
  }
  return {
    ...shared,
    scalar: undefined,
    mayBeAbsent: true,
    values: undefined,
    // When it is needed: messages may hold others of their own type.
    get message() {
      return messageType(typeName, naming);
    },
  };
}

function find(path: readonly string[]): Descriptor | undefined {
  let found: Descriptor | undefined = descriptor;
  for (const name of path) found = found?.nested?.[name];
  return found;
}

/** What a name means in a message: something within it, or within what it is in. */
function resolve(name: string, path: readonly string[]): [string, Descriptor] {
  for (let depth = path.length; depth >= 0; depth--) {
    const candidate = [...path.slice(0, depth), ...name.split('.')];
    const found = find(candidate);
    if (found?.fields !== undefined || found?.values !== undefined) return [candidate.join('.'), found];
  }
  throw new Error(`${path.join('.')} has a field of ${name}, which there is not`);
}

const noBytes = new Uint8Array(0);

function defaultOf(scalar: ScalarType): unknown {
  if (scalar === 'bytes') return noBytes;
  if (scalar === 'string') return '';
  return scalar === 'bool' ? false : 0;
}

/** Makes messages that own their scalars, lists and maps: what only a prototype had would be lost by a spread or a comparison. */
function creator(name: string, fields: readonly Field[]): MessageType['create'] {
  const scalars: Record<string, unknown> = {};
  const lists: string[] = [];
  const maps: string[] = [];
  for (const field of fields) {
    if (field.key !== undefined) maps.push(field.name);
    else if (field.isRepeated) lists.push(field.name);
    else if (!field.mayBeAbsent) scalars[field.name] = defaultOf(field.scalar!);
  }
  const Message = class {
    [field: string]: unknown;
    constructor() {
      Object.assign(this, scalars);
      for (const name of lists) this[name] = [];
      for (const name of maps) this[name] = {};
    }
  };
  Object.defineProperty(Message, 'name', { value: name });
  return () => new Message();
}
