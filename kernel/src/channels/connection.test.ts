import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, readConnection } from './connection';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'connection-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const ports = { shell_port: 1, iopub_port: 2, control_port: 3, stdin_port: 4, hb_port: 5 };
const written = (text: string) => {
  const file = path.join(folder, 'connection.json');
  writeFileSync(file, text);
  return file;
};

describe('a connection file', () => {
  it('says where the channels are', () => {
    const connection = readConnection(
      written(JSON.stringify({ transport: 'tcp', ip: '127.0.0.1', key: 'k', ...ports })),
    );
    expect(addressOf(connection, connection.shell_port)).toBe('tcp://127.0.0.1:1');
    expect(addressOf({ ...connection, transport: 'ipc', ip: '/tmp/kernel' }, 2)).toBe('ipc:///tmp/kernel-2');
  });

  it('that is missing or no JSON is named in the error', () => {
    expect(() => readConnection(path.join(folder, 'none.json'))).toThrow(/can't read the connection file .*none\.json/);
    expect(() => readConnection(written('{'))).toThrow(/can't read the connection file .*JSON/);
  });

  it('that lacks something is told what', () => {
    expect(() =>
      readConnection(written(JSON.stringify({ transport: 'tcp', ip: '', ...ports, hb_port: undefined }))),
    ).toThrow('is no connection file: it lacks key, hb_port');
  });

  it('that asks for other signatures is refused', () => {
    const text = JSON.stringify({ transport: 'tcp', ip: '', key: '', signature_scheme: 'hmac-md5', ...ports });
    expect(() => readConnection(written(text))).toThrow(
      'asks for signatures by hmac-md5; this kernel knows hmac-sha256',
    );
  });
});
