import { JSDOM } from 'jsdom';
import { expect, it } from 'vitest';
import { operation, trainedLine } from '../../testing/graphData';
import { detailsHtml } from './details';
import { hierarchyOf } from './hierarchy';

const line = hierarchyOf(trainedLine);

function details(id: string, hierarchy = line) {
  const { body } = new JSDOM(detailsHtml(hierarchy.nodes.get(id)!, hierarchy)).window.document;
  return {
    text: body.textContent ?? '',
    links: [...body.querySelectorAll<HTMLElement>('[data-show]')].map((a) => a.dataset.show),
  };
}

it('tell of an operation its type, and its inputs and outputs with their shapes', () => {
  const { text, links } = details('line/MatMul');
  expect(text).toContain('line/MatMulMatMul');
  expect(text).toContain('x:0 float32 ?×2');
  expect(text).toContain('line/w/read:0 float32 2×1');
  expect(text).toContain('line/MatMul:0 float32 ?×1');
  expect(text).toContain('loss L2Loss');
  expect(links).toEqual(['x', 'line/w', 'loss', 'gradients/loss_grad/Mul']);
});

it('tell of a scope what it holds, takes and gives, but nothing of what flows within it', () => {
  const { text } = details('line/');
  expect(text).toContain('scope, 5 operations');
  expect(text).toContain('Inputsx:0');
  expect(text).not.toContain('line/w/read:0');
});

it('tell what is drawn with an operation, where it was built and where it runs', () => {
  const site = {
    ...operation('y', 'Sum', ['axis:0']),
    device: '/cpu:0',
    site: 'cell.ts:3:1',
    attributes: { keep: 'true' },
  };
  const axis = { ...operation('axis', 'Const'), attributes: { value: 'int32 1: 0' } };
  const { text } = details('y', hierarchyOf([axis, site]));
  expect(text).toContain('axis int32 1: 0');
  expect(text).toContain('Device/cpu:0');
  expect(text).toContain('Built atcell.ts:3:1');
  expect(text).toContain('keep true');
});
