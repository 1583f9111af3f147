/**
 * What readers see and do in JupyterLab. The screenshots of a soak lie in `.cache/screenshots`.
 * One server and one browser serve all: to start them and to load JupyterLab takes as long as most of what is tried there.
 */
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { tryGraph } from './lab/graph';
import { Lab, whatIsMissing } from './lab/lab';
import { tryNotebook } from './lab/notebook';
import { tryRuns } from './lab/runs';
import { tryWidgets } from './lab/widgets';

const missing = whatIsMissing();
if (missing) console.warn(`Nothing is tried in JupyterLab: ${missing}.`);

describe.skipIf(missing)('in JupyterLab,', { timeout: 300_000 }, () => {
  let lab: Lab;
  const shared = () => lab;

  beforeAll(async () => {
    lab = await Lab.start();
  }, 300_000);
  afterEach(() => {
    expect(lab.errors.splice(0)).toEqual([]);
  });
  afterAll(() => lab?.end());

  describe('the first notebook', () => tryNotebook(shared));
  describe('widgets', () => tryWidgets(shared));
  describe('runs', () => tryRuns(shared));
  describe('a graph', () => tryGraph(shared));
});
