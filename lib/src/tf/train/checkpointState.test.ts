import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataLossError, InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { getCheckpointState, latestCheckpoint, updateCheckpointState } from './checkpointState';

const home = process.cwd();
let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'checkpoint-state-'));
});
afterEach(() => {
  process.chdir(home);
  fs.rmSync(folder, { recursive: true });
});

const text = (name = 'checkpoint') => fs.readFileSync(path.join(folder, name), 'utf8');
const inFolder = (name: string) => path.join(folder, name);

describe('updateCheckpointState', () => {
  it('writes what Python writes: absolute prefixes for a folder that is named absolutely', () => {
    updateCheckpointState(folder, inFolder('m-2'), { allModelCheckpointPaths: [inFolder('m-1'), inFolder('m-2')] });
    expect(text()).toBe(
      `model_checkpoint_path: "${folder}/m-2"\n` +
        `all_model_checkpoint_paths: "${folder}/m-1"\n` +
        `all_model_checkpoint_paths: "${folder}/m-2"\n`,
    );
  });

  it('writes prefixes relative to a folder that is named relatively, and leaves absolute ones', () => {
    process.chdir(folder);
    fs.mkdirSync('run');
    updateCheckpointState('run', 'run/m-2', { allModelCheckpointPaths: ['/elsewhere/m-1', 'run/m-2'] });
    expect(text('run/checkpoint')).toBe(
      'model_checkpoint_path: "m-2"\nall_model_checkpoint_paths: "/elsewhere/m-1"\nall_model_checkpoint_paths: "m-2"\n',
    );
  });

  it('writes relative prefixes where that is asked for', () => {
    updateCheckpointState(folder, inFolder('m-1'), { saveRelativePaths: true });
    expect(text()).toBe('model_checkpoint_path: "m-1"\nall_model_checkpoint_paths: "m-1"\n');
  });

  it('adds the newest checkpoint to the others, and times', () => {
    updateCheckpointState(folder, '/a/m-2', {
      allModelCheckpointPaths: ['/a/m-1'],
      allModelCheckpointTimestamps: [1700000000, 1700000000.25],
      lastPreservedTimestamp: 1600000000,
      latestFilename: 'latest',
    });
    expect(text('latest')).toBe(
      'model_checkpoint_path: "/a/m-2"\nall_model_checkpoint_paths: "/a/m-1"\nall_model_checkpoint_paths: "/a/m-2"\n' +
        'all_model_checkpoint_timestamps: 1700000000.0\nall_model_checkpoint_timestamps: 1700000000.25\n' +
        'last_preserved_timestamp: 1600000000.0\n',
    );
    expect(getCheckpointState(folder, 'latest')).toEqual({
      modelCheckpointPath: '/a/m-2',
      allModelCheckpointPaths: ['/a/m-1', '/a/m-2'],
      allModelCheckpointTimestamps: [1700000000, 1700000000.25],
      lastPreservedTimestamp: 1600000000,
    });
  });

  it('refuses timestamps that are not one for each checkpoint', () => {
    const options = { allModelCheckpointPaths: ['a', 'b'], allModelCheckpointTimestamps: [1] };
    expect(() => updateCheckpointState(folder, 'b', options)).toThrow(InvalidArgumentError);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('says which file could not be written, and leaves nothing behind', () => {
    expect(() => updateCheckpointState(inFolder('missing'), 'm')).toThrow(NotFoundError);
    expect(() => updateCheckpointState(inFolder('missing'), 'm')).toThrow(inFolder('missing/checkpoint'));
    fs.mkdirSync(inFolder('checkpoint'));
    expect(() => updateCheckpointState(folder, 'm')).toThrow(inFolder('checkpoint'));
    expect(fs.readdirSync(folder)).toEqual(['checkpoint']);
  });
});

describe('getCheckpointState', () => {
  it('gives null where there is no state file', () => {
    expect(getCheckpointState(folder)).toBeNull();
    expect(getCheckpointState(inFolder('missing'))).toBeNull();
  });

  it('completes relative prefixes by the folder', () => {
    fs.writeFileSync(inFolder('checkpoint'), 'model_checkpoint_path: "m-2"\nall_model_checkpoint_paths: "../m-1"\n');
    expect(getCheckpointState(folder)).toMatchObject({
      modelCheckpointPath: inFolder('m-2'),
      allModelCheckpointPaths: [path.join(path.dirname(folder), 'm-1')],
    });
  });

  it.each(['é"\'\\\n\t', 'model-?', '日本/モデル.ckpt-1', '# no comment'])('reads back a prefix such as %j', (name) => {
    updateCheckpointState(folder, `/${name}`);
    expect(text()).toMatch(/^[ -~\n]*$/);
    expect(getCheckpointState(folder)?.modelCheckpointPath).toBe(`/${name}`);
  });

  it("escapes as Python's text format does", () => {
    updateCheckpointState(folder, '/run/é"m-3');
    expect(text()).toContain('model_checkpoint_path: "/run/\\303\\251\\"m-3"\n');
  });

  it('reads the text format as others may write it', () => {
    fs.writeFileSync(
      inFolder('checkpoint'),
      '# kept\nmodel_checkpoint_path : \'/a\\x2fb\' "\\tc" , all_model_checkpoint_paths:"/é";new_field: 3 last_preserved_timestamp: 1.5e9',
    );
    expect(getCheckpointState(folder)).toEqual({
      modelCheckpointPath: '/a/b\tc',
      allModelCheckpointPaths: ['/é'],
      allModelCheckpointTimestamps: [],
      lastPreservedTimestamp: 1.5e9,
    });
  });

  it.each([
    ['', 'names no newest checkpoint'],
    ['model_checkpoint_path: "m', "found 'model_checkpoint_path: \"m'"],
    ['model_checkpoint_path: m', 'm is no string'],
    ['\0\0\0', "expected 'name: value'"],
  ])('names the file when it holds %j', (contents, message) => {
    fs.writeFileSync(inFolder('checkpoint'), contents);
    expect(() => getCheckpointState(folder)).toThrow(DataLossError);
    expect(() => getCheckpointState(folder)).toThrow(message);
    expect(() => getCheckpointState(folder)).toThrow(inFolder('checkpoint'));
  });
});

describe('latestCheckpoint', () => {
  it('gives the newest checkpoint if its files are there', () => {
    expect(latestCheckpoint(folder)).toBeNull();
    updateCheckpointState(folder, inFolder('m-1'));
    expect(latestCheckpoint(folder)).toBeNull();
    fs.writeFileSync(inFolder('m-1.index'), '');
    expect(latestCheckpoint(folder)).toBe(inFolder('m-1'));
    expect(latestCheckpoint(folder, 'other')).toBeNull();
  });
});
