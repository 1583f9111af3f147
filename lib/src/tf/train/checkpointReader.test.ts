import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DataLossError, NotFoundError, TensorFlowError } from '../../runtime/errors';
import { pythonCheckpoint } from '../../testing/pythonCheckpoint';
import { readCheckpointIndex } from './checkpointIndex';
import { CheckpointReader, listVariables, loadCheckpoint, loadVariable } from './checkpointReader';
import { updateCheckpointState } from './checkpointState';

let folder: string;
let prefix: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'checkpoint-reader-'));
  for (const [name, bytes] of Object.entries(pythonCheckpoint())) fs.writeFileSync(path.join(folder, name), bytes);
  prefix = path.join(folder, 'model.ckpt-7');
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe("a checkpoint of Python's", () => {
  it('is listed: names, shapes, dtypes', () => {
    const reader = new CheckpointReader(prefix);
    expect(reader.getVariableToShapeMap()).toEqual({
      flag: [],
      global_step: [],
      'layer/biases': [3],
      'layer/weights': [2, 3],
      names: [2],
    });
    expect(reader.getVariableToDtypeMap()).toEqual({
      flag: 'bool',
      global_step: 'int64',
      'layer/biases': 'float32',
      'layer/weights': 'float32',
      names: 'string',
    });
    expect(reader.hasTensor('flag')).toBe(true);
    expect(reader.hasTensor('scratch')).toBe(false);
    expect(listVariables(prefix)[3]).toEqual(['layer/weights', [2, 3]]);
  });

  it.each([
    ['flag', true],
    ['global_step', 7n],
    ['layer/biases', [0.5, -0.5, 0.25]],
    [
      'layer/weights',
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    ['names', [Buffer.from('café'), Buffer.from([0xff, 0])]],
  ])('gives the value of %s', (name, value) => {
    expect(loadVariable(prefix, name).toArray()).toEqual(value);
  });

  it('gives several values through one reader', () => {
    const reader = new CheckpointReader(prefix);
    for (const name of ['layer/biases', 'layer/weights', 'layer/biases']) {
      expect(reader.getTensor(name).shape).toEqual(reader.getVariableToShapeMap()[name]);
    }
  });

  it('is found by its folder', () => {
    expect(() => loadCheckpoint(folder)).toThrow(`no checkpoint in the folder '${folder}'`);
    updateCheckpointState(folder, prefix);
    expect(loadCheckpoint(folder).prefix).toBe(prefix);
  });
});

describe('what is wrong is named', () => {
  it.each([
    ['nothing', "nothing.index' doesn't exist"],
    ['model.ckpt-7.index', "is one file of the checkpoint '"],
    ['model.ckpt-7.data-00000-of-00001', "is one file of the checkpoint '"],
    ['.', 'that is a folder'],
  ])('where there is no checkpoint: %s', (name, message) => {
    const at = path.join(folder, name);
    expect(() => new CheckpointReader(at)).toThrow(NotFoundError);
    expect(() => new CheckpointReader(at)).toThrow(message);
  });

  it('where the checkpoint has no such tensor', () => {
    expect(() => loadVariable(prefix, 'weights')).toThrow(NotFoundError);
    expect(() => loadVariable(prefix, 'weights')).toThrow(/Key weights not found in checkpoint '.*'.*layer\/weights/);
  });

  it('where the index is cut off anywhere, or one byte of it is wrong', () => {
    const { 'model.ckpt-7.index': index = Buffer.alloc(0) } = pythonCheckpoint();
    const damaged = path.join(folder, 'damaged');
    const read = (bytes: Uint8Array) => {
      fs.writeFileSync(`${damaged}.index`, bytes);
      return readCheckpointIndex(damaged);
    };
    const whole = read(index);
    expect(whole.size).toBe(5);
    for (let length = 0; length < index.length; length++) {
      expect(() => read(index.subarray(0, length)), `${length} bytes`).toThrow(DataLossError);
    }
    let noticed = 0;
    for (let at = 0; at < index.length; at++) {
      const bytes = Buffer.from(index);
      bytes[at]! ^= 1;
      try {
        expect(read(bytes), `byte ${at}`).toEqual(whole); // some bytes say nothing, such as what fills the footer up
      } catch (error) {
        expect(error, `byte ${at}`).toBeInstanceOf(DataLossError);
        expect((error as Error).message).toContain(`'${damaged}.index' can't be read`);
        noticed++;
      }
    }
    expect(noticed).toBeGreaterThan(index.length * 0.75);
  });

  it('where the data is damaged', () => {
    const { 'model.ckpt-7.index': index = '', 'model.ckpt-7.data-00000-of-00001': data = Buffer.alloc(0) } =
      pythonCheckpoint();
    const damaged = path.join(folder, 'damaged-data');
    fs.writeFileSync(`${damaged}.index`, index);
    const bytes = Buffer.from(data);
    bytes[12]! ^= 1;
    fs.writeFileSync(`${damaged}.data-00000-of-00001`, bytes);
    expect(loadVariable(damaged, 'global_step').toArray()).toBe(7n);
    expect(() => loadVariable(damaged, 'layer/biases')).toThrow(DataLossError);
    expect(() => loadVariable(damaged, 'layer/biases')).toThrow(
      `reading 'layer/biases' of the checkpoint '${damaged}'`,
    );
  });
});

describe('a damaged checkpoint', () => {
  const outcome = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      expect(error).toBeInstanceOf(TensorFlowError);
      return 'told';
    }
  };
  let damaged: string;
  const write = (suffix: string, bytes: Uint8Array) => fs.writeFileSync(`${damaged}${suffix}`, bytes);
  const [index, data] = ['.index', '.data-00000-of-00001'];
  beforeEach(() => {
    damaged = path.join(folder, 'damaged');
    for (const suffix of [index, data]) fs.copyFileSync(`${prefix}${suffix}`, `${damaged}${suffix}`);
  });

  it('is told, whichever byte of its index is wrong and wherever it is cut short, or it is read as if it were whole', () => {
    const list = () => [...readCheckpointIndex(damaged)];
    const whole = list();
    const bytes = fs.readFileSync(`${damaged}.index`);
    let same = 0;
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1 << (at % 8);
      write(index, flipped);
      const found = outcome(list);
      if (found !== 'told') expect(found, `byte ${at}`).toEqual(whole);
      same += found === 'told' ? 0 : 1;
      write(index, bytes.subarray(0, at));
      expect(outcome(list), `${at} bytes`).toBe('told');
    }
    expect(same).toBeLessThan(80); // what is not looked at: the block of other blocks, and the footer's padding
  });

  it('is told of the tensor whose bytes are wrong, or cut off, and gives the others', () => {
    const names = ['flag', 'global_step', 'layer/biases', 'layer/weights', 'names'];
    const bytes = fs.readFileSync(`${damaged}${data}`);
    const values = () => names.map((name) => outcome(() => loadVariable(damaged, name)));
    const whole = values();
    for (let at = 0; at < bytes.length; at += 5) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 4;
      write(data, flipped);
      const found = values();
      expect(found.filter((value) => value === 'told')).toHaveLength(1);
      for (const [i, value] of found.entries()) if (value !== 'told') expect(value).toEqual(whole[i]);
    }
    write(data, bytes.subarray(0, bytes.length - 1));
    expect(values().filter((value) => value === 'told')).toHaveLength(1);
  });
});
