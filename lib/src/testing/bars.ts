/** Sets of a few bars in noise, in the place of MNIST: the digit d has ink in its rows 2d and 2d + 1. */
import { DataSet } from '../data/dataSet';
import type { DataSets } from '../data/mnist';
import { Random } from '../data/random';
import { HostArray } from '../runtime/hostArray';

/** For `vi.mock('../data', …)`, in the place of `readDataSets`. */
export async function readBars(_dir: string, { seed = 1 }: { seed?: number } = {}): Promise<DataSets> {
  const random = new Random(1);
  const set = (count: number) => {
    const pixels = Uint8Array.from({ length: count * 784 }, (_, i) => {
      const [digit, row] = [Math.floor(i / 784) % 10, Math.floor((i % 784) / 28)];
      return (Math.floor(row / 2) === digit ? 155 : 0) + random.below(100);
    });
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
    return new DataSet(new HostArray('uint8', [count, 784], pixels), new HostArray('uint8', [count], labels), { seed });
  };
  const sets = { train: set(130), validation: set(150), test: set(30) };
  return {
    ...sets,
    reset: () => {
      for (const one of Object.values(sets)) one.reset();
    },
    source: 'fake data',
    numClasses: 10,
    description: 'bars',
  };
}
