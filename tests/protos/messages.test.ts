/** Our messages beside TensorFlow's and TensorBoard's own: every field and every value of an enum is one of theirs. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import protobuf from 'protobufjs/light';
import { describe, expect, it } from 'vitest';
import { descriptor } from '../../lib/src/protos/generated/descriptor';
import { dtypeNumber, isDType } from '../../lib/src/runtime/dtypes';
import { errorOf } from '../../lib/src/runtime/errors';

/** What `extract.py` found in Python: of a message `{ name: 'number label type oneof' }`, of an enum its numbers. */
const theirs: Record<string, Record<string, string | number>> = JSON.parse(
  readFileSync(path.join(__dirname, 'messages.json'), 'utf8'),
);

/** TensorBoard's packages are left out of our names, which tell its messages from TensorFlow's instead. */
const renamed: Record<string, string> = {
  'tensorflow.PrCurvePluginData': 'tensorboard.PrCurvePluginData',
  'tensorflow.HParamsPluginData': 'tensorboard.hparams.HParamsPluginData',
  'tensorflow.HParamsExperiment': 'tensorboard.hparams.Experiment',
  'tensorflow.HParamsExperiment.HParam': 'tensorboard.hparams.HParamInfo',
  'tensorflow.HParamsExperiment.Metric': 'tensorboard.hparams.MetricInfo',
  'tensorflow.HParamsExperiment.Metric.Name': 'tensorboard.hparams.MetricName',
  'tensorflow.HParamsSessionStart': 'tensorboard.hparams.SessionStartInfo',
  'tensorflow.HParamsSessionStart.Value': 'google.protobuf.Value',
  'tensorflow.HParamsSessionEnd': 'tensorboard.hparams.SessionEndInfo',
  'tensorflow.HParamsSessionEnd.Status': 'tensorboard.hparams.Status',
  'tensorflow.HParamType': 'tensorboard.hparams.DataType',
};

function theirName(thing: protobuf.ReflectionObject): string {
  const name = thing.fullName.slice(1);
  return renamed[name] ?? name;
}

/** Numbers, booleans and enums in a list stand behind one another, without a tag each. */
const isPacked = (field: protobuf.Field) =>
  field.packed && (field.resolvedType instanceof protobuf.Enum || field.type in protobuf.types.packed);

function described(field: protobuf.Field): string {
  const type = field.resolvedType ? theirName(field.resolvedType) : field.type;
  const isOptional = field.partOf?.isProto3Optional;
  const label = isOptional ? 'optional' : !field.repeated ? 'singular' : isPacked(field) ? 'packed' : 'repeated';
  const what = field instanceof protobuf.MapField ? `map ${field.keyType},${type}` : `${label} ${type}`;
  return `${field.id} ${what}${field.partOf && !isOptional ? ` ${field.partOf.name}` : ''}`;
}

const within = (thing: protobuf.ReflectionObject): protobuf.ReflectionObject[] =>
  thing instanceof protobuf.Namespace ? [thing, ...thing.nestedArray.flatMap(within)] : [thing];

const all = within(protobuf.Root.fromJSON(descriptor).resolveAll());
const messages = all.filter((thing) => thing instanceof protobuf.Type);
const enums = all.filter((thing) => thing instanceof protobuf.Enum);

/** Ours and theirs, line by line, of what is in ours. */
function compare(ours: [name: string, members: Record<string, string | number>][]): void {
  const lines = ours.flatMap(([name, members]) => Object.keys(members).map((member) => [name, member] as const));
  const said = (of: (name: string, member: string) => unknown) =>
    lines.map(([name, member]) => `${name}.${member} = ${of(name, member)}`);
  const byName = Object.fromEntries(ours);
  expect(said((name, member) => byName[name]?.[member])).toEqual(said((name, member) => theirs[name]?.[member]));
}

describe('every message that we have', () => {
  it("has fields with the numbers, labels, types and oneofs that TensorFlow's has", () => {
    expect(messages.length).toBeGreaterThan(90);
    compare(
      messages.map((type) => {
        const fields = type.fieldsArray.map((field) => [field.name, described(field.resolve())]);
        return [theirName(type), Object.fromEntries(fields)];
      }),
    );
  });

  it("has enums with the numbers that TensorFlow's have", () => {
    expect(enums.length).toBeGreaterThan(15);
    compare(enums.map((type) => [theirName(type), type.values]));
  });
});

describe('the tables that are written by hand', () => {
  const words = (name: string) => name.toLowerCase().split('_');

  it('have the numbers of dtypes', () => {
    const irregular: Record<string, string> = { half: 'float16', float: 'float32', double: 'float64' };
    const names = Object.entries(theirs['tensorflow.DataType'] ?? {}).flatMap(([name, number]) => {
      const [, ...type] = words(name);
      const dtype = irregular[type.join('')] ?? type.join('');
      return isDType(dtype) && type[1] !== 'ref' ? [[dtype, number] as const] : [];
    });
    expect(names.length).toBe(23);
    expect(names.map(([dtype]) => [dtype, dtypeNumber(dtype)])).toEqual(names);
  });

  it('have the codes of errors', () => {
    const codes = Object.entries(theirs['tensorflow.error.Code'] ?? {}).filter(
      ([name]) => !/^(OK$|DO_NOT_USE)/.test(name),
    );
    expect(codes.length).toBe(16);
    for (const [name, code] of codes) {
      const error = errorOf(Number(code), 'what was wrong');
      const className = words(name)
        .map((word) => word[0]?.toUpperCase() + word.slice(1))
        .join('');
      expect(error).toMatchObject({ name: `${className.replace(/Error$/, '')}Error`, code, message: 'what was wrong' });
    }
  });
});
