import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { History, historyFile } from './history';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'history-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  file = path.join(mkdtempSync(path.join(folder, 'user-')), 'state', 'history.jsonl');
});

/** A session that has run these cells. */
function session(...inputs: string[]): History {
  const history = new History(file);
  for (const [i, input] of inputs.entries()) history.add(i + 1, input, `${i}`, true);
  return history;
}

describe('the history', () => {
  it('has this session, with results where they are asked for', () => {
    const history = session('a', 'b', ' ');
    expect(history.find({ hist_access_type: 'tail', n: 10 })).toEqual([
      [1, 1, 'a'],
      [1, 2, 'b'],
    ]);
    expect(history.find({ hist_access_type: 'tail', n: 1, output: true })).toEqual([[1, 2, ['b', '1']]]);
    expect(history.find({ hist_access_type: 'tail', n: 0 })).toEqual([]);
  });

  it('has earlier sessions, each with its number, also those that went on side by side', () => {
    const [one, two] = [session('a'), session('x')];
    one.add(2, 'b', null, true);
    two.add(2, 'alone', null, false);
    const now = session('now');
    expect(now.find({ hist_access_type: 'tail', n: 9 })).toEqual([
      [1, 1, 'a'],
      [1, 2, 'b'],
      [2, 1, 'x'],
      [3, 1, 'now'],
    ]);
    expect(now.find({ hist_access_type: 'range', session: 1, start: 2, stop: 3 })).toEqual([[1, 2, 'b']]);
    expect(now.find({ hist_access_type: 'range', session: 0 })).toEqual([[3, 1, 'now']]);
    expect(now.find({ hist_access_type: 'range', session: -1 })).toEqual([[2, 1, 'x']]);
    expect(two.find({ hist_access_type: 'range', session: 0 })).toHaveLength(2);
  });

  it('is searched by patterns', () => {
    const history = session('plot.scalars()', 'a.b', 'plot\n.digits()', 'axb', 'a.b');
    const inputs = (request: object) =>
      history.find({ hist_access_type: 'search', ...request }).map(([, , input]) => input);
    expect(inputs({ pattern: 'plot*' })).toEqual(['plot.scalars()', 'plot\n.digits()']);
    expect(inputs({ pattern: 'a.b', n: 1 })).toEqual(['a.b']);
    expect(inputs({ pattern: 'a?b' })).toEqual(['a.b', 'axb', 'a.b']);
    expect(inputs({ pattern: 'a?b', unique: true })).toEqual(['axb', 'a.b']);
    expect(inputs({ pattern: 'a[!.]b' })).toEqual(['axb']);
    expect(inputs({})).toHaveLength(5);
    expect(history.find({})).toEqual([]);
  });

  it('is a file of the user alone, which stays short and keeps the newest', () => {
    session('a');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = 'x'.repeat(20_000);
    const history = session(...Array.from({ length: 120 }, (_, i) => `${i} ${text.slice(10)}`), `long ${text}`);
    expect(statSync(file).size).toBeLessThan(2.1 * 2 ** 20);
    expect(readFileSync(file, 'utf8')).toContain('"119 x');
    expect(history.find({ hist_access_type: 'tail', n: 200 }).at(-1)![2]).toBe(`long ${text}`);
    expect(session().find({ hist_access_type: 'tail', n: 1 })[0]![2]).toMatch(/^119 x/);
  });

  it('goes on where the file can not be read or written, or holds something else', () => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, 'nonsense\n{"session":1}\nnull\n{"session":"s","line":1,"input":"kept"}\n{"half');
    expect(session().find({ hist_access_type: 'tail' })).toEqual([[1, 1, 'kept']]);
    file = path.join(file, 'no folder', 'history.jsonl');
    expect(session('a').find({ hist_access_type: 'tail' })).toEqual([[1, 1, 'a']]);
    expect(existsSync(file)).toBe(false);
  });

  it("lies in the user's folder of such files", () => {
    expect(historyFile({ XDG_STATE_HOME: '/state' })).toBe('/state/tf-mechanics/history.jsonl');
    expect(historyFile({})).toMatch(/\.local\/state\/tf-mechanics\/history\.jsonl$/);
  });
});
