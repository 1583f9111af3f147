import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Summary, SummaryMetadata } from '../../protos';
import { namesOf } from '../../testing/evaluate';
import { summarize } from '../../testing/summarize';
import { GraphKeys } from '../graph/collections';
import { Graph } from '../graph/graph';
import type { Tensor } from '../graph/tensor';
import { reshape } from '../ops/array';
import { constant, placeholder } from '../ops/constants';
import {
  audioSummary,
  histogramSummary,
  imageSummary,
  mergeAllSummaries,
  mergeSummary,
  scalarSummary,
} from './aliases';
import { audio, histogram, image, merge, mergeAll, type SummaryTensor, scalar, tensorSummary, text } from './builders';

const tagsOf = (build: (graph: Graph) => SummaryTensor) => summarize(build).map(({ tag }) => tag);
const one = () => constant(1);

beforeEach(() => {
  vi.spyOn(console, 'info').mockReturnValue();
});

describe('tags', () => {
  it('are the name in its scope, as unique as names of operations are', () => {
    expect(tagsOf((graph) => graph.nameScope('hidden1', () => scalar('loss', one())))).toEqual(['hidden1/loss']);
    const twice = () => {
      scalar('loss', one());
      return scalar('loss', one());
    };
    expect(tagsOf(twice)).toEqual(['loss_1']);
  });

  it('have characters replaced that names of operations cannot have, which is told as TensorFlow tells it', () => {
    expect(tagsOf(() => scalar('//a b:0/c', one()))).toEqual(['a_b_0/c']);
    expect(console.info).toHaveBeenCalledExactlyOnceWith('Summary name //a b:0/c is illegal; using a_b_0/c instead.');
    expect(tagsOf(() => scalar('fine-name.1', one()))).toEqual(['fine-name.1']);
    expect(console.info).toHaveBeenCalledTimes(1);
  });

  it('begin with the family, which stands within the scope too', () => {
    const inScope = (graph: Graph) => graph.nameScope('outer', () => scalar('loss', one(), { family: 'my family' }));
    expect(tagsOf(inScope)).toEqual(['my_family/outer/my_family/loss']);
    expect(namesOf(() => scalar('loss', constant(1), { family: 'f' }))).toBe('Const f/loss/tags f/loss');
    const twice = () => {
      histogram('h', one(), { family: 'f' });
      return histogram('h', one(), { family: 'f' });
    };
    expect(tagsOf(twice)).toEqual(['f/f/h_1']);
  });
});

describe('each kind of summary', () => {
  it('holds a number', () => {
    expect(summarize(() => scalar('loss', constant(0.25)))).toMatchObject([{ tag: 'loss', simpleValue: 0.25 }]);
  });

  it('holds a histogram', () => {
    expect(summarize(() => histogram('h', constant([1, 2, 4])))).toMatchObject([
      { tag: 'h', histo: { min: 1, max: 4, num: 3, sum: 7, sumSquares: 21 } },
    ]);
    expect(() => summarize(() => histogram('h', constant([1, Number.NaN])))).toThrow(/Nan in summary histogram/);
  });

  it('holds images, the first three of a batch if it is told nothing', () => {
    const batch = () => constant(new Array(5 * 2 * 3 * 1).fill(0.5)) as Tensor<'float32'>;
    const images = (options?: object) => () => image('in', reshape(batch(), [5, 2, 3, 1]), options);
    expect(tagsOf(images())).toEqual(['in/image/0', 'in/image/1', 'in/image/2']);
    expect(tagsOf(images({ maxOutputs: 1 }))).toEqual(['in/image']);
    expect(summarize(images())[0]!.image).toMatchObject({ height: 2, width: 3, colorspace: 1 });
    expect(() => summarize(() => image('in', constant([1, 2])))).toThrow(
      'Tensor must be 4-D with last dim 1, 3, or 4, not [2]',
    );
  });

  it('paints pixels that are no numbers in the colour that it is told', () => {
    const broken = (badColor?: number[]) => () =>
      image('in', constant([[[[Number.NaN, 0, 0]]]]), { maxOutputs: 1, ...(badColor && { badColor }) });
    const pixelsOf = (value: Summary.Value) => Buffer.from(value.image!.encodedImageString);
    const red = pixelsOf(summarize(broken())[0]!);
    expect(pixelsOf(summarize(broken([255, 0, 0, 255]))[0]!)).toEqual(red);
    expect(pixelsOf(summarize(broken([0, 0, 255, 255]))[0]!)).not.toEqual(red);
  });

  it('holds sounds, of a sample rate that is a number or a tensor', () => {
    const sound = (rate: (graph: Graph) => number | Tensor<'float32'>, options?: object) => (graph: Graph) =>
      audio('tone', constant([[0, 0.5, -0.5, 1]]), rate(graph), options);
    const [value] = summarize(sound(() => 8000));
    expect(value).toMatchObject({
      tag: 'tone/audio/0',
      audio: { sampleRate: 8000, numChannels: 1, lengthFrames: 4, contentType: 'audio/wav' },
    });
    expect(summarize(sound(() => constant(8000)))[0]!.audio).toEqual(value!.audio);
    expect(tagsOf(sound(() => 8000, { maxOutputs: 1 }))).toEqual(['tone/audio']);
    expect(namesOf(() => audio('tone', constant([[0]]), 8000))).toBe('Const tone/tag tone/sample_rate tone');
  });

  it('holds text, for the text plugin', () => {
    const metadata = { pluginData: { pluginName: 'text' } };
    const [value] = summarize(() => text('notes', [['**a**', 'é']]));
    expect(value).toMatchObject({
      tag: 'notes',
      metadata,
      tensor: { dtype: 7, tensorShape: { dim: [{ size: 1 }, { size: 2 }] } },
    });
    expect(value!.tensor!.stringVal.map((bytes) => Buffer.from(bytes).toString())).toEqual(['**a**', 'é']);
    expect(tagsOf(() => text('notes', constant('a')))).toEqual(['notes']);
    expect(() => text('notes', placeholder('float32', []))).toThrow("expected strings for 'notes', got");
    expect(() => text('notes', 1)).toThrow('expected string, got 1');
  });

  it('holds any tensor, with what TensorBoard is told about it', () => {
    const build = () =>
      tensorSummary('matrix', constant([[1, 2]]), {
        displayName: 'Matrix',
        summaryDescription: 'of *two*',
        summaryMetadata: { pluginData: { pluginName: 'mine', content: 'data' }, displayName: 'replaced' },
      });
    const [value] = summarize(build);
    expect(value).toMatchObject({
      tag: 'matrix',
      tensor: { dtype: 1, tensorShape: { dim: [{ size: 1 }, { size: 2 }] } },
    });
    expect(value!.metadata).toEqual(
      SummaryMetadata.decode(
        SummaryMetadata.encode({
          displayName: 'Matrix',
          summaryDescription: 'of *two*',
          pluginData: { pluginName: 'mine', content: 'data' },
        }),
      ),
    );
  });
});

describe('merging', () => {
  it('puts several summaries into one', () => {
    expect(tagsOf(() => merge([scalar('a', one()), scalar('b', one())]))).toEqual(['a', 'b']);
    expect(() => merge([])).toThrow('expected summaries to merge, got none');
  });

  it('names the operation as TensorFlow does', () => {
    const merged = (name?: string) =>
      namesOf(() => merge([scalar('a', constant(1))], { name }))
        .split(' ')
        .at(-1);
    expect(merged()).toBe('Merge/MergeSummary');
    expect(merged('all')).toBe('all/all');
  });

  it('takes the summaries of a collection, all of them or those of a scope', () => {
    const build = (graph: Graph) => {
      scalar('a', one());
      graph.nameScope('scope', () => image('b', reshape(one(), [1, 1, 1, 1]), { maxOutputs: 1 }));
      scalar('c', one(), { collections: ['others'] });
      scalar('d', one(), { collections: ['others', GraphKeys.SUMMARIES] });
    };
    const all = (key?: string, scope?: string) =>
      tagsOf((graph) => {
        build(graph);
        return mergeAll(key, { scope });
      });
    expect(all()).toEqual(['a', 'scope/b/image', 'd']);
    expect(all('others')).toEqual(['c', 'd']);
    expect(all(undefined, 'scope')).toEqual(['scope/b/image']);
    expect(() => all('none')).toThrow("the default graph has no summaries in its collection 'none'");
    expect(() => all(undefined, 'nowhere')).toThrow("collection 'summaries' in the scope 'nowhere'");
  });

  it('is in no collection, unless it is told which', () => {
    const graph = new Graph();
    const collected = graph.asDefault(() => [
      merge([scalar('a', one())]),
      merge([scalar('b', one())], { collections: [GraphKeys.SUMMARIES] }),
    ]);
    expect(graph.getCollection(GraphKeys.SUMMARIES)).toHaveLength(3);
    expect(graph.getCollection(GraphKeys.SUMMARIES)).toContain(collected[1]);
  });
});

describe('summaries of one tag', () => {
  it("can't be merged, in several steps neither", () => {
    const graph = new Graph();
    graph.asDefault(() => {
      const inner = merge([scalarSummary('a', one()), scalarSummary(['b', 'c'], constant([1, 2]))]);
      const other = histogramSummary('c', one());
      expect(() => merge([inner, other])).toThrow(
        "the tag 'c' is that of a ScalarSummary ('ScalarSummary_1') and of a HistogramSummary ('HistogramSummary'); " +
          'summaries that are merged need tags of their own',
      );
      expect(() => mergeAll()).toThrow(/the tag 'c'/);
      expect(() => merge([inner, scalarSummary('a', one())])).toThrow(/the tag 'a' .*'ScalarSummary_2'/);
      // Those of images have something behind their tags, and the later names get numbers.
      merge([
        inner,
        imageSummary('a', reshape(constant([0.5]), [1, 1, 1, 1])),
        scalar('d', one()),
        histogram('d', one()),
      ]);
    });
  });
});

describe('the summaries of TensorFlow 0.x', () => {
  it('have tags of any characters, whatever the scope is', () => {
    const build = (graph: Graph) => graph.nameScope('scope', () => scalarSummary('a b: c', one()));
    expect(tagsOf(build)).toEqual(['a b: c']);
    expect(namesOf(() => scalarSummary('a b', constant(1)))).toBe('Const ScalarSummary/tags ScalarSummary');
    expect(namesOf(() => scalarSummary('a b', constant(1), { name: 'mine' }))).toBe('Const mine/tags mine');
  });

  it('have a tag for each of several numbers', () => {
    const build = () => scalarSummary([['a', 'b']], constant([[1, 2]]));
    expect(summarize(build)).toMatchObject([
      { tag: 'a', simpleValue: 1 },
      { tag: 'b', simpleValue: 2 },
    ]);
    expect(tagsOf(() => scalarSummary(constant(['x', 'y']), constant([1, 2])))).toEqual(['x', 'y']);
    expect(() => summarize(() => scalarSummary(['a', 'b', 'c'], constant([1, 2])))).toThrow(/tags and values/);
  });

  it('are those of the later names otherwise', () => {
    const picture = () => reshape(constant([0.5, 1]), [2, 1, 1, 1]);
    expect(summarize(() => histogramSummary('h h', one()))).toMatchObject([{ tag: 'h h', histo: { num: 1 } }]);
    expect(tagsOf(() => imageSummary('i i', picture(), { maxImages: 1 }))).toEqual(['i i/image']);
    expect(tagsOf(() => imageSummary('i', picture()))).toEqual(['i/image/0', 'i/image/1']);
    expect(summarize(() => audioSummary('s s', constant([[0]]), 100, { maxOutputs: 1 }))).toMatchObject([
      { tag: 's s/audio', audio: { sampleRate: 100 } },
    ]);
    expect(tagsOf(() => mergeSummary([scalarSummary('a', one()), scalarSummary('b', one())]))).toEqual(['a', 'b']);
    const all = () => {
      scalarSummary('a', one());
      histogramSummary('b', one());
      scalarSummary('c', one(), { collections: [] });
      return mergeAllSummaries();
    };
    expect(tagsOf(all)).toEqual(['a', 'b']);
    expect(namesOf(all)).toMatch(/ MergeSummary\/MergeSummary$/);
    expect(() => new Graph().asDefault(() => mergeAllSummaries())).toThrow('has no summaries');
  });
});
