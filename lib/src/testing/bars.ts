/** Sets of a few bars in noise, in the place of MNIST: the digit d has ink in its rows 2d and 2d + 1. */
import { DataSet } from '../data/dataSet';
import type { DataSets } from '../data/mnist';
import { Random } from '../data/random';
import { HostArray } from '../runtime/hostArray';

/** The pixels of each set, drawn once: models are made of them dozens of times. */
let drawn: { train: Uint8Array; validation: Uint8Array; test: Uint8Array } | undefined;

function draw() {
  const random = new Random(1);
  const pixels = (count: number) =>
    Uint8Array.from({ length: count * 784 }, (_, i) => {
      const [digit, row] = [Math.floor(i / 784) % 10, Math.floor((i % 784) / 28)];
      return (Math.floor(row / 2) === digit ? 155 : 0) + random.below(100);
    });
  return { train: pixels(130), validation: pixels(150), test: pixels(30) };
}

/** For `vi.mock('../data', …)`, in the place of `readDataSets`. */
export async function readBars(_dir: string, { seed = 1 }: { seed?: number } = {}): Promise<DataSets> {
  drawn ??= draw();
  const set = (pixels: Uint8Array) => {
    const count = pixels.length / 784;
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
    const images = new HostArray('uint8', [count, 784], pixels.slice());
    return new DataSet(images, new HostArray('uint8', [count], labels), { seed });
  };
  const sets = { train: set(drawn.train), validation: set(drawn.validation), test: set(drawn.test) };
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
