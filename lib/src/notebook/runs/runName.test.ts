import { describe, expect, it } from 'vitest';
import { differencesText, differingKeys, folderSuffix, shortNames, valueText } from './runName';

describe('the name of a run', () => {
  it('says nothing where there is no other, or all are alike', () => {
    expect(folderSuffix({ learningRate: 0.1 }, [])).toBe('');
    expect(folderSuffix({ learningRate: 0.1 }, [{ learningRate: 0.1 }, { learningRate: 0.1 }])).toBe('');
  });

  it('says the hyperparameters of which a sibling has another value, in the order of the configuration', () => {
    const config = { learningRate: 0.1, hidden1: 512, batchSize: 100 };
    expect(folderSuffix(config, [{ ...config, learningRate: 0.01 }])).toBe('lr=0.1');
    expect(folderSuffix(config, [config, { ...config, learningRate: 0.01 }, { ...config, hidden1: 128 }])).toBe(
      'lr=0.1,hidden1=512',
    );
  });

  it('says one that the siblings do not have at all', () => {
    expect(folderSuffix({ lr: 1, momentum: 0.9 }, [{ lr: 1 }])).toBe('momentum=0.9');
    expect(folderSuffix({ lr: 1 }, [{ lr: 1, momentum: 0.9 }])).toBe('');
  });

  it('has nothing in it that a file system or a shell would take for something else', () => {
    expect(folderSuffix({ data: '../my data: $HOME/*', act: 'relu…' }, [{}])).toBe('data=..-my-data-HOME,act=relu');
    expect(folderSuffix({ layers: '[128,32]' }, [{}])).toBe('layers=-128-32');
    expect(folderSuffix({ 数据: '汉字' }, [{}])).toBe('数据=汉字');
  });

  it('stays short, and says how many differences it has no room for', () => {
    const config = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`parameter${i}`, i]));
    const suffix = folderSuffix(config, [{}]);
    expect(suffix).toMatch(/^parameter0=0,.*,\+24$/);
    expect(suffix.length).toBeLessThan(100);
  });
});

describe('short names', () => {
  it('are those of the field, whichever way words are parted', () => {
    const keys = ['learningRate', 'batch_size', 'optimizer.learning_rate', 'hidden1'];
    expect([...shortNames(keys).values()]).toEqual(['lr', 'batch', 'optimizer.learning_rate', 'hidden1']);
  });

  it('are of one key only', () => {
    expect([...shortNames(['learningRate', 'learning_rate', 'maxSteps', 'steps']).values()]).toEqual([
      'learningRate',
      'learning_rate',
      'maxSteps',
      'steps',
    ]);
  });
});

describe('differences', () => {
  it('are found among all configurations', () => {
    expect(
      differingKeys([
        { a: 1, b: 2 },
        { a: 1, b: 3 },
        { a: 1, b: 2, c: true },
      ]),
    ).toEqual(['b', 'c']);
    expect(differingKeys([])).toEqual([]);
  });

  it('are read as people write them', () => {
    expect(
      differencesText({ learningRate: 1e-5, dropout: false, keep: 1 / 3 }, [
        'learningRate',
        'dropout',
        'keep',
        'other',
      ]),
    ).toBe('lr=0.00001, dropout=false, keep=0.3333');
    expect(valueText(1e-7)).toBe('1e-7');
    expect(valueText('a text that goes on and on')).toBe('a text that goes on and…');
  });
});
