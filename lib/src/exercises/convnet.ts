/** The exercises of "A convolutional network". */

import { IMAGE_PIXELS, IMAGE_SIZE } from '../mnist/sizes';
import { percentText } from '../notebook/figure/units';
import type { HostArray } from '../runtime/hostArray';
import { shapeText } from '../runtime/shapeText';
import type { Graph, Operation } from '../tf';
import { meanOf } from './curves';
import type { Check, ExercisesOf, OneOf } from './definition';
import { operationsOf } from './graphs';

/** A training run, as returned by the notebook's function `train`. */
interface Training {
  readonly graph: Graph;
  /** The loss of each step's batch. */
  readonly losses: readonly number[];
  /** The learning rate of each step. */
  readonly rates: readonly number[];
  /** The loss of the validation examples at some steps. */
  readonly validation: { readonly x: readonly number[]; readonly y: readonly number[] };
  readonly millisecondsPerStep: number;
}

/** A network's precision on a set, from 0 to 1. */
interface Precisions {
  /** On the original digits. */
  readonly before: number;
  /** On the shifted ones. */
  readonly after: number;
}

/** The effects that the checks see. */
export interface ConvnetEffects {
  '301-patches': {
    /** A training run with 3 × 3 patches in both layers. */
    small: Training | undefined;
    /** A training run with 9 × 9 patches in both layers. */
    large: Training | undefined;
    /** The factor by which the large patches multiply the multiplications per place of the image. */
    timesMore: number | undefined;
  };
  '302-strides': {
    /** A training run with pooling, as in the notebook. */
    pooled: Training | undefined;
    /** A training run with strides of 2 instead of pooling. */
    strided: Training | undefined;
    /** The factor by which strides make a step faster. */
    timesFaster: number | undefined;
  };
  '303-no-dropout': {
    /** A training run on 500 images that keeps half of the units. */
    withDropout: Training | undefined;
    /** A training run on the same images that keeps all units. */
    withoutDropout: Training | undefined;
    /** The first of `validation.x` at which, without dropout, the training curve lies below the validation curve. */
    crossing: number | undefined;
  };
  '304-shift': {
    /** The original test digits, `[n, 784]`. */
    images: HostArray;
    /** The test digits shifted left by two pixels, `[n, 784]`. */
    shifted: HostArray | undefined;
    /** The precision of the convolutional network. */
    convnet: Precisions | undefined;
    /** The precision of the network of Mechanics 101. */
    fullyConnected: Precisions | undefined;
  };
  '305-relu': {
    /** A training run with `tf.nn.relu` in both layers. */
    relu: Training | undefined;
    /** A training run with `tf.nn.relu6`, with the same optimizer and rate. */
    relu6: Training | undefined;
    /** The output of the first layer of the network with relu for at least a hundred digits, `[n, 14, 14, 16]`. */
    activations: HostArray | undefined;
    /** The fraction of these that is above 6. */
    beyond: number | undefined;
  };
  '306-decay': {
    /** A training run with a decaying learning rate. */
    falling: Training | undefined;
    /** A training run with a constant learning rate. */
    constant: Training | undefined;
    /** The one with the lower validation loss in the end. */
    lower: OneOf<'falling' | 'constant'> | undefined;
  };
  '307-occlusion': {
    /** The digit, `[1, 784]`. */
    digit: HostArray | undefined;
    /** The digit with the paper at each of 21 × 21 places, row by row, `[441, 784]`. */
    covered: HostArray | undefined;
    /** The probability of the right digit for each, `[441]` or `[21, 21]`. */
    probabilities: HostArray | undefined;
  };
}

/** The minimal number of steps. */
const STEPS = 100;

const convolutions = (graph: Graph): Operation[] => operationsOf(graph, 'Conv2D');
const count = (graph: Graph, type: string): number => operationsOf(graph, type).length;
/** The mean over the last steps before a step. */
const around = (losses: readonly number[], step: number): number =>
  meanOf(losses.slice(Math.max(0, step - 9), step + 1));
const end = ({ losses }: Training): number => around(losses, losses.length - 1);
const isTrained = (training: Training | undefined, steps = STEPS): boolean =>
  training !== undefined && training.losses.length >= steps && end(training) < meanOf(training.losses.slice(0, 5));

/** Whether every convolution has filters of this height and width. */
const hasPatches = (training: Training | undefined, size: number): boolean => {
  const filters = training ? convolutions(training.graph).map(({ inputs }) => inputs[1]?.shape) : [];
  return filters.length >= 2 && filters.every((shape) => shape?.[0] === size && shape[1] === size);
};
const patchesOf = (training: Training | undefined): string =>
  training
    ? [
        ...new Set(convolutions(training.graph).map(({ inputs }) => inputs[1]?.shape?.slice(0, 2).join(' × ') ?? '?')),
      ].join(', ')
    : '–';

/** Whether an answer is close to a number. */
const isNear = (said: number | undefined, number: number, tolerance: number): boolean =>
  said !== undefined && Math.abs(said - number) <= tolerance * Math.abs(number);

const patches = (name: 'small' | 'large', size: number): Check<ConvnetEffects['301-patches']> => ({
  holds: (effects) => hasPatches(effects[name], size),
  right: { en: `\`${name}\` has patches of ${size} × ${size}.`, zh: `\`${name}\` 的卷积核是 ${size} × ${size}。` },
  missing: (effects) =>
    effects[name]
      ? {
          en: `The patches of \`${name}\` are ${patchesOf(effects[name])}; both layers should have ${size} × ${size}.`,
          zh: `\`${name}\` 的卷积核是 ${patchesOf(effects[name])}；两层都应该是 ${size} × ${size}。`,
        }
      : {
          en: `Train a network with patches of ${size} × ${size} in both layers, and put what \`train\` gives into \`${name}\`.`,
          zh: `训练一个两层卷积核都是 ${size} × ${size} 的网络，把 \`train\` 的结果放进 \`${name}\`。`,
        },
});

/** Whether nothing is above 6, and something equals 6. */
const isCutAt6 = (activations: HostArray): boolean =>
  numbersOf(activations).reduce((most, value) => Math.max(most, value), 0) === 6;

/** The step at which the training curve falls below the validation curve. */
const crossingOf = ({ losses, validation }: Training): number | undefined =>
  validation.x.find((step, i) => around(losses, step) < validation.y[i]!);

const lastOf = (numbers: readonly number[]): number => numbers.at(-1) ?? Number.NaN;
/** The final validation loss: the mean of the last three measurements. */
const validated = ({ validation: { y } }: Training): number => meanOf(y.slice(-3));

const SHIFT = 2;

/** The position of a pixel that isn't shifted correctly; undefined if all are. */
function misplaced(images: HostArray, shifted: HostArray): number | undefined {
  for (let i = 0; i < images.data.length; i++) {
    const column = i % IMAGE_SIZE;
    const wanted = column < IMAGE_SIZE - SHIFT ? images.data[i + SHIFT] : 0;
    if (shifted.data[i] !== wanted) return i;
  }
  return undefined;
}

const isPrecise = (precisions: Precisions | undefined): precisions is Precisions =>
  precisions !== undefined &&
  [precisions.before, precisions.after].every((share) => share > 0 && share <= 1) &&
  precisions.before > 0.5;

/** The fraction of activations above 6. */
function shareBeyond({ data }: HostArray): number {
  let beyond = 0;
  for (const value of data) if (Number(value) > 6) beyond++;
  return beyond / data.length;
}

/** Whether the layers' outputs are computed by one activation and not by another. */
const hasActivation = (training: Training | undefined, type: string, other: string): boolean => {
  const made = (type: string) =>
    training?.graph.operations.filter((op) => op.type === type && op.outputs[0]?.shape?.length === 4).length ?? 0;
  return made(type) >= 2 && made(other) === 0;
};

const PAPER = 8;
const PLACES = IMAGE_SIZE - PAPER + 1;

/** The first place whose image isn't the digit with the paper on it. */
function wronglyCovered(digit: HostArray, covered: HostArray): number | undefined {
  for (let place = 0; place < PLACES * PLACES; place++) {
    const [top, left] = [Math.floor(place / PLACES), place % PLACES];
    for (let pixel = 0; pixel < IMAGE_PIXELS; pixel++) {
      const [row, column] = [Math.floor(pixel / IMAGE_SIZE), pixel % IMAGE_SIZE];
      const isCovered = row >= top && row < top + PAPER && column >= left && column < left + PAPER;
      if (covered.data[place * IMAGE_PIXELS + pixel] !== (isCovered ? 0 : digit.data[pixel])) return place;
    }
  }
  return undefined;
}

/** The places where the paper covers no ink. */
function placesOfNoInk(digit: HostArray, covered: HostArray): number[] {
  return Array.from({ length: PLACES * PLACES }, (_, place) => place).filter((place) => {
    for (let pixel = 0; pixel < IMAGE_PIXELS; pixel++)
      if (covered.data[place * IMAGE_PIXELS + pixel] !== digit.data[pixel]) return false;
    return true;
  });
}

const numbersOf = ({ data }: HostArray): number[] => Array.from(data as ArrayLike<number>, Number);

/**
 * Whether the map fits the network and the digit: probabilities that are the same wherever no ink is covered, but not
 * everywhere.
 */
function isMap(digit: HostArray, covered: HostArray, probabilities: HostArray): boolean {
  const values = numbersOf(probabilities);
  const same = placesOfNoInk(digit, covered).map((place) => values[place]!);
  return (
    values.length === PLACES * PLACES &&
    values.every((value) => value >= 0 && value <= 1.00001) &&
    Math.max(...same, 0) - Math.min(...same, 1) < 0.001 &&
    Math.max(...values) - Math.min(...values) > 0.0001
  );
}

/** Whether the network prefers another digit where no ink is covered; the column then belongs to another digit. */
const isUnsure = (digit: HostArray, covered: HostArray, probabilities: HostArray): boolean =>
  placesOfNoInk(digit, covered).some((place) => Number(probabilities.data[place]) < 0.5);

export const convnet: ExercisesOf<ConvnetEffects> = {
  '301-patches': {
    title: { en: 'Patches', zh: '卷积核的大小' },
    effects: ['small', 'large', 'timesMore'],
    checks: [
      patches('small', 3),
      patches('large', 9),
      {
        holds: ({ small, large }) => isTrained(small) && isTrained(large),
        right: ({ small, large }) => ({
          en: `Both have learned: after ${large!.losses.length} steps the loss is ${end(small!).toFixed(2)} with 3 × 3 and ${end(large!).toFixed(2)} with 9 × 9; a step takes ${small!.millisecondsPerStep.toFixed(0)} and ${large!.millisecondsPerStep.toFixed(0)} ms.`,
          zh: `两个网络都学会了：${large!.losses.length} 步之后，3 × 3 的损失是 ${end(small!).toFixed(2)}，9 × 9 的是 ${end(large!).toFixed(2)}；每步分别用 ${small!.millisecondsPerStep.toFixed(0)} 和 ${large!.millisecondsPerStep.toFixed(0)} 毫秒。`,
        }),
        missing: {
          en: `Train both for ${STEPS} steps or more, until the loss has fallen.`,
          zh: `两个网络都要训练 ${STEPS} 步以上，直到损失下降。`,
        },
      },
      {
        holds: ({ timesMore }) => timesMore === 9,
        right: {
          en: '81 multiplications instead of 9 for each place and pair of channels: 9 times as many.',
          zh: '每个位置、每对通道要做 81 次乘法，而不是 9 次：是 9 倍。',
        },
        missing: ({ timesMore }) => ({
          en: `\`timesMore\` is ${timesMore}. Count the weights that lie over one place: how many has a patch of 9 × 9, and how many one of 3 × 3?`,
          zh: `\`timesMore\` 现在是 ${timesMore}。数一数一个位置上有多少个权重：9 × 9 的卷积核有多少，3 × 3 的有多少？`,
        }),
      },
    ],
    hints: [
      {
        en: '`convolution` has a fifth argument, the size of its patches. A layer is a function of four arguments: write one that calls `convolution` with five.',
        zh: '`convolution` 的第五个参数是卷积核的大小。一个层是有四个参数的函数：写一个函数，用五个参数调用 `convolution`。',
      },
      {
        en: '`const of3: Layer = (name, images, inputDepth, depth) => convolution(name, images, inputDepth, depth, 3);`',
        zh: '`const of3: Layer = (name, images, inputDepth, depth) => convolution(name, images, inputDepth, depth, 3);`',
      },
      {
        en: "`small = await train(build('adam', flags.learningRate, { layer: of3 }), 100);`",
        zh: "`small = await train(build('adam', flags.learningRate, { layer: of3 }), 100);`",
      },
    ],
  },
  '302-strides': {
    title: { en: 'Strides', zh: '步幅' },
    effects: ['pooled', 'strided', 'timesFaster'],
    checks: [
      {
        holds: ({ strided }) => strided !== undefined && count(strided.graph, 'MaxPool') === 0,
        right: { en: 'The graph of `strided` has no pooling.', zh: '`strided` 的图里没有池化（pooling）。' },
        missing: ({ strided }) =>
          strided
            ? {
                en: `The graph of \`strided\` still has ${count(strided.graph, 'MaxPool')} MaxPool operations.`,
                zh: `\`strided\` 的图里还有 ${count(strided.graph, 'MaxPool')} 个 MaxPool 操作。`,
              }
            : {
                en: 'Write a layer of your own without pooling, train a network of such layers, and put what `train` gives into `strided`.',
                zh: '写一个没有池化的层，用它训练一个网络，把 `train` 的结果放进 `strided`。',
              },
      },
      {
        holds: ({ strided }) =>
          convolutions(strided!.graph).length >= 2 &&
          convolutions(strided!.graph).every((op) => String(op.getAttribute('strides')) === '1,2,2,1'),
        right: { en: 'Its convolutions visit every other place.', zh: '它的卷积每隔一个位置才计算一次。' },
        missing: ({ strided }) => ({
          en: `Its convolutions have the strides ${convolutions(strided!.graph).map((op) => `[${op.getAttribute('strides')}]`)}: give \`conv2d\` \`strides: 2\`.`,
          zh: `它的卷积的步幅是 ${convolutions(strided!.graph).map((op) => `[${op.getAttribute('strides')}]`)}：请给 \`conv2d\` 写上 \`strides: 2\`。`,
        }),
      },
      {
        holds: ({ pooled, strided }) =>
          pooled !== undefined &&
          count(pooled.graph, 'MaxPool') === 2 &&
          isTrained(pooled, 50) &&
          isTrained(strided, 50),
        right: ({ pooled, strided }) => ({
          en: `Both have learned: pooling has come to a loss of ${validated(pooled!).toFixed(2)} on the validation set, strides to ${validated(strided!).toFixed(2)}.`,
          zh: `两个都学会了：在验证集上，池化的损失降到 ${validated(pooled!).toFixed(2)}，步幅的降到 ${validated(strided!).toFixed(2)}。`,
        }),
        missing: {
          en: 'Train both for 50 steps or more: one with `convolution` in `pooled`, and the other with your layer in `strided`.',
          zh: '两个都训练 50 步以上：用 `convolution` 的放进 `pooled`，用你自己的层的放进 `strided`。',
        },
      },
      {
        holds: ({ pooled, strided, timesFaster }) =>
          isNear(timesFaster, pooled!.millisecondsPerStep / strided!.millisecondsPerStep, 0.1),
        right: ({ timesFaster }) => ({
          en: `A step is ${timesFaster!.toFixed(1)} times faster.`,
          zh: `每一步快 ${timesFaster!.toFixed(1)} 倍。`,
        }),
        missing: ({ pooled, strided, timesFaster }) => ({
          en: `\`timesFaster\` is ${timesFaster}, but a step took ${pooled!.millisecondsPerStep.toFixed(1)} ms with pooling and ${strided!.millisecondsPerStep.toFixed(1)} ms with strides.`,
          zh: `\`timesFaster\` 现在是 ${timesFaster}，但是用池化每步 ${pooled!.millisecondsPerStep.toFixed(1)} 毫秒，用步幅每步 ${strided!.millisecondsPerStep.toFixed(1)} 毫秒。`,
        }),
      },
    ],
    hints: [
      {
        en: 'Begin with the lines of `convolution`. What `conv2d` gives goes straight to `bias`, without `maxPool`.',
        zh: '从 `convolution` 的代码开始。`conv2d` 的结果不经过 `maxPool`，直接交给 `bias`。',
      },
      {
        en: '`tf.nn.conv2d(images, filter, { strides: 2, padding: "SAME" })` halves height and width, as pooling did.',
        zh: '`tf.nn.conv2d(images, filter, { strides: 2, padding: "SAME" })` 把高和宽减半，和池化一样。',
      },
      {
        en: '`timesFaster = pooled.millisecondsPerStep / strided.millisecondsPerStep;`',
        zh: '`timesFaster = pooled.millisecondsPerStep / strided.millisecondsPerStep;`',
      },
    ],
  },
  '303-no-dropout': {
    title: { en: 'No dropout', zh: '不用 dropout' },
    effects: ['withDropout', 'withoutDropout', 'crossing'],
    checks: [
      {
        holds: ({ withDropout, withoutDropout }) => isTrained(withDropout) && isTrained(withoutDropout),
        right: { en: 'Both are trained.', zh: '两个网络都训练过了。' },
        missing: {
          en: `Train twice on \`few\` for ${STEPS} steps or more: once as it is, into \`withDropout\`, and once with \`keepProbability: 1\`, into \`withoutDropout\`.`,
          zh: `在 \`few\` 上训练两次，各 ${STEPS} 步以上：一次照旧，放进 \`withDropout\`；一次用 \`keepProbability: 1\`，放进 \`withoutDropout\`。`,
        },
      },
      {
        holds: ({ withoutDropout }) => end(withoutDropout!) < lastOf(withoutDropout!.validation.y) / 3,
        right: ({ withoutDropout }) => ({
          en: `Without dropout the network learns the few images by heart: their loss is ${end(withoutDropout!).toFixed(3)}, that of others ${lastOf(withoutDropout!.validation.y).toFixed(3)}.`,
          zh: `不用 dropout 时，网络把这些图像背了下来：它们的损失是 ${end(withoutDropout!).toFixed(3)}，别的图像的是 ${lastOf(withoutDropout!.validation.y).toFixed(3)}。`,
        }),
        missing: ({ withoutDropout }) => ({
          en: `In \`withoutDropout\` the training images end at ${end(withoutDropout!).toFixed(3)} and the others at ${lastOf(withoutDropout!.validation.y).toFixed(3)}: hardly apart. Has it been trained on \`few\`, with \`examples: few\`, and with \`keepProbability: 1\`?`,
          zh: `在 \`withoutDropout\` 里，训练图像的损失最后是 ${end(withoutDropout!).toFixed(3)}，别的图像的是 ${lastOf(withoutDropout!.validation.y).toFixed(3)}：几乎没有分开。它是用 \`examples: few\` 和 \`keepProbability: 1\` 训练的吗？`,
        }),
      },
      {
        holds: ({ withDropout, withoutDropout }) => end(withDropout!) > 1.5 * end(withoutDropout!),
        right: ({ withDropout }) => ({
          en: `With dropout it is harder to learn by heart: ${end(withDropout!).toFixed(3)}.`,
          zh: `用了 dropout，就更难背下来：${end(withDropout!).toFixed(3)}。`,
        }),
        missing: ({ withDropout, withoutDropout }) => ({
          en: `\`withDropout\` ends at ${end(withDropout!).toFixed(3)}, hardly above ${end(withoutDropout!).toFixed(3)} without: both seem to have been trained with the same \`keepProbability\`.`,
          zh: `\`withDropout\` 最后是 ${end(withDropout!).toFixed(3)}，和不用时的 ${end(withoutDropout!).toFixed(3)} 差不多：两次的 \`keepProbability\` 好像一样。`,
        }),
      },
      {
        holds: ({ withoutDropout, crossing }) =>
          crossing !== undefined && Math.abs(crossing - (crossingOf(withoutDropout!) ?? Number.NaN)) <= 20,
        right: ({ crossing }) => ({
          en: `Without dropout the curves change places by step ${crossing}.`,
          zh: `不用 dropout 时，两条曲线在第 ${crossing} 步之前交换了位置。`,
        }),
        missing: ({ crossing }) => ({
          en: `\`crossing\` is ${crossing}. In the figure, where does the curve of the training images first lie below that of the others, without dropout?`,
          zh: `\`crossing\` 现在是 ${crossing}。看图：不用 dropout 时，训练图像的曲线从哪一步起低于别的图像的曲线？`,
        }),
      },
    ],
    hints: [
      {
        en: '`train` has options: `train(build("adam", flags.learningRate), 160, { examples: few, keepProbability: 1 })`.',
        zh: '`train` 有选项：`train(build("adam", flags.learningRate), 160, { examples: few, keepProbability: 1 })`。',
      },
      {
        en: 'The figure is drawn when both are there. Its axis is logarithmic: only there the curves are apart at the end.',
        zh: '两个都有了，图就会画出来。它的纵轴是对数轴：只有这样，曲线的末尾才看得出差别。',
      },
      {
        en: 'Move the pointer along the two curves without dropout, and read the step where the one of training is lower for the first time.',
        zh: '把鼠标沿着不用 dropout 的两条曲线移动，读出训练曲线第一次更低的那一步。',
      },
    ],
  },
  '304-shift': {
    title: { en: 'Shift', zh: '平移' },
    effects: ['images', 'shifted', 'convnet', 'fullyConnected'],
    checks: [
      {
        holds: ({ images, shifted }) => shifted !== undefined && String(shifted.shape) === String(images.shape),
        right: ({ shifted }) => ({
          en: `\`shifted\` has ${shifted!.shape[0]!.toLocaleString('en')} digits.`,
          zh: `\`shifted\` 有 ${shifted!.shape[0]} 个数字。`,
        }),
        missing: ({ images, shifted }) => ({
          en: `\`shifted\` should be an array of the shape ${shapeText(images.shape)}, and is ${shifted ? shapeText(shifted.shape) : 'undefined'}.`,
          zh: `\`shifted\` 应该是形状为 ${shapeText(images.shape)} 的数组，现在是 ${shifted ? shapeText(shifted.shape) : 'undefined'}。`,
        }),
      },
      {
        holds: ({ images, shifted }) => misplaced(images, shifted!) === undefined,
        right: {
          en: 'Every digit is two pixels further left, with empty columns at its right.',
          zh: '每个数字都左移了两个像素，右边是空白的列。',
        },
        missing: ({ images, shifted }) => {
          const pixel = misplaced(images, shifted!)!;
          const [digit, row, column] = [
            Math.floor(pixel / IMAGE_PIXELS),
            Math.floor((pixel % IMAGE_PIXELS) / IMAGE_SIZE),
            pixel % IMAGE_SIZE,
          ];
          return {
            en: `Digit ${digit} is wrong in row ${row}, column ${column}: there should be what was two columns further right in the same row, and 0 in the last two columns.`,
            zh: `第 ${digit} 个数字的第 ${row} 行第 ${column} 列不对：那里应该是同一行右边第二列原来的值，最后两列应该是 0。`,
          };
        },
      },
      {
        holds: ({ convnet, fullyConnected }) => isPrecise(convnet) && isPrecise(fullyConnected),
        right: ({ convnet, fullyConnected }) => ({
          en: `The convolutional network falls from ${percentText(convnet!.before)} to ${percentText(convnet!.after)}, the fully connected one from ${percentText(fullyConnected!.before)} to ${percentText(fullyConnected!.after)}.`,
          zh: `卷积网络从 ${percentText(convnet!.before)} 降到 ${percentText(convnet!.after)}，全连接网络从 ${percentText(fullyConnected!.before)} 降到 ${percentText(fullyConnected!.after)}。`,
        }),
        missing: {
          en: 'Measure both networks twice, with `sets.test.images` and with `shifted`, into `ofConvnet` and `ofOther`: their `before` and `after` are parts from 0 to 1, and before the shift each is more than a half.',
          zh: '两个网络各测两次：一次用 `sets.test.images`，一次用 `shifted`，放进 `ofConvnet` 和 `ofOther`。它们的 `before` 和 `after` 是 0 到 1 之间的比例，平移之前都大于一半。',
        },
      },
      {
        holds: ({ convnet, fullyConnected }) =>
          convnet!.before - convnet!.after < fullyConnected!.before - fullyConnected!.after,
        right: {
          en: 'The one that looks at patches loses less.',
          zh: '看小块的网络损失更少。',
        },
        missing: {
          en: 'In your numbers the convolutional network loses more. Are the two networks mixed up, or `before` and `after`?',
          zh: '在你的数字里，卷积网络损失得更多。两个网络，或者 `before` 和 `after`，是不是弄反了？',
        },
      },
    ],
    hints: [
      {
        en: 'Pixel `i` lies in column `i % 28`. For columns below 26, it takes the value of pixel `i + 2`; the others become 0.',
        zh: '像素 `i` 在第 `i % 28` 列。列号小于 26 时，它取像素 `i + 2` 的值；其余的变成 0。',
      },
      {
        en: '`const moved = sets.test.images.data.map((_, i, all) => (i % 28 < 26 ? all[i + 2]! : 0));` and then `shifted = tf.hostArray(moved).reshape(sets.test.images.shape);`',
        zh: '`const moved = sets.test.images.data.map((_, i, all) => (i % 28 < 26 ? all[i + 2]! : 0));`，然后 `shifted = tf.hostArray(moved).reshape(sets.test.images.shape);`',
      },
      {
        en: '`const precision = (images: tf.HostArray<"float32">) => session.run(net.accuracy, [[net.images, images], [net.labels, sets.test.labels]]);` — and the same with `other.session` and `other`.',
        zh: '`const precision = (images: tf.HostArray<"float32">) => session.run(net.accuracy, [[net.images, images], [net.labels, sets.test.labels]]);`，再对 `other.session` 和 `other` 做同样的事。',
      },
    ],
  },
  '305-relu': {
    title: { en: 'relu or relu6?', zh: '用 relu 还是 relu6？' },
    effects: ['relu', 'relu6', 'activations', 'beyond'],
    checks: [
      {
        holds: ({ relu }) => hasActivation(relu, 'Relu', 'Relu6'),
        right: { en: 'The layers of `relu` have no upper end.', zh: '`relu` 的各层没有上限。' },
        missing: ({ relu }) =>
          relu
            ? {
                en: 'In the graph of `relu`, the activations of both layers of images should be `Relu`, and none `Relu6`.',
                zh: '在 `relu` 的图里，两个图像层的激活都应该是 `Relu`，而不是 `Relu6`。',
              }
            : {
                en: 'Write a layer with `tf.nn.relu`, train a network of such layers, and put what `train` gives into `relu`.',
                zh: '写一个用 `tf.nn.relu` 的层，用它训练一个网络，把 `train` 的结果放进 `relu`。',
              },
      },
      {
        holds: ({ relu, relu6 }) =>
          hasActivation(relu6, 'Relu6', 'Relu') &&
          relu!.losses.length >= 50 &&
          relu6!.losses.length === relu!.losses.length,
        right: ({ relu6 }) => ({
          en: `\`relu6\` is its counterpart, trained for as many steps (${relu6!.losses.length}).`,
          zh: `\`relu6\` 是它的对照，训练了同样多步（${relu6!.losses.length}）。`,
        }),
        missing: {
          en: 'Train the network as the notebook has it into `relu6`, with the same optimizer and rate, and both for the same number of steps, 50 or more.',
          zh: '把笔记本里原来的网络训练一次，放进 `relu6`：优化器和学习率相同，两个都训练同样多步，50 步以上。',
        },
      },
      {
        holds: ({ activations }) =>
          activations !== undefined &&
          activations.shape.length === 4 &&
          activations.shape[0]! >= 100 &&
          numbersOf(activations).some((value) => value > 0) &&
          !isCutAt6(activations),
        right: ({ activations }) => ({
          en: `\`activations\` has what the first layer makes of ${activations!.shape[0]} digits.`,
          zh: `\`activations\` 是第一层对 ${activations!.shape[0]} 个数字的输出。`,
        }),
        missing: ({ activations }) =>
          activations && isCutAt6(activations)
            ? {
                en: 'The greatest of `activations` are exactly 6: they are of a network with `relu6`, which cuts there. Run the one with `relu`, in its own session.',
                zh: '`activations` 里最大的正好是 6：它们来自用 `relu6` 的网络，在那里被削平了。请在用 `relu` 的网络自己的会话里运行它。',
              }
            : {
                en: `\`activations\` should be what comes out of the first layer for 100 digits or more, [n, 14, 14, 16], and is ${activations ? shapeText(activations.shape) : 'undefined'}: run the network's \`input\` in the session of \`relu\`.`,
                zh: `\`activations\` 应该是第一层对 100 个以上数字的输出，[n, 14, 14, 16]，现在是 ${activations ? shapeText(activations.shape) : 'undefined'}：在 \`relu\` 的会话里运行网络的 \`input\`。`,
              },
      },
      {
        holds: ({ activations, beyond }) => beyond !== undefined && Math.abs(beyond - shareBeyond(activations!)) < 1e-4,
        right: ({ beyond, relu, relu6 }) => {
          const isSame = relu!.losses.every((loss, i) => loss === relu6!.losses[i]);
          const curves = isSame
            ? { en: 'the two curves are the same to the last digit', zh: '两条曲线连最后一位数字都相同' }
            : { en: 'the two curves part', zh: '两条曲线分开了' };
          return {
            en: `${percentText(beyond!)} of the activations lie beyond 6, and ${curves.en}.`,
            zh: `${percentText(beyond!)} 的激活值大于 6；${curves.zh}。`,
          };
        },
        missing: ({ beyond }) => ({
          en: `\`beyond\` is ${beyond}: count the activations above 6, and divide by how many there are in all.`,
          zh: `\`beyond\` 现在是 ${beyond}：数出大于 6 的激活值，再除以总数。`,
        }),
      },
    ],
    hints: [
      {
        en: 'Your layer is `convolution` but for its last line. `train` gives the session, and `build` the tensors: keep what `build` gives in a variable.',
        zh: '你的层和 `convolution` 只有最后一行不同。`train` 给出会话，`build` 给出张量：把 `build` 的结果留在一个变量里。',
      },
      {
        en: '`activations = await relu.session.run(network.input, [[network.images, hundred]]);`',
        zh: '`activations = await relu.session.run(network.input, [[network.images, hundred]]);`',
      },
      {
        en: '`beyond = activations.data.filter((value) => value > 6).length / activations.data.length;`',
        zh: '`beyond = activations.data.filter((value) => value > 6).length / activations.data.length;`',
      },
    ],
  },
  '306-decay': {
    title: { en: 'Without decay', zh: '不让学习率下降' },
    effects: ['falling', 'constant', 'lower'],
    checks: [
      {
        holds: ({ falling }) =>
          falling !== undefined && falling.rates.length >= STEPS && lastOf(falling.rates) < 0.8 * falling.rates[0]!,
        right: ({ falling }) => ({
          en: `In \`falling\` the rate goes from ${falling!.rates[0]!.toPrecision(2)} to ${lastOf(falling!.rates).toPrecision(2)}.`,
          zh: `在 \`falling\` 里，学习率从 ${falling!.rates[0]!.toPrecision(2)} 降到 ${lastOf(falling!.rates).toPrecision(2)}。`,
        }),
        missing: {
          en: `Train for ${STEPS} steps or more with a rate that falls (\`decayRate: 0.3\`), and put what \`train\` gives into \`falling\`.`,
          zh: `用下降的学习率（\`decayRate: 0.3\`）训练 ${STEPS} 步以上，把 \`train\` 的结果放进 \`falling\`。`,
        },
      },
      {
        holds: ({ falling, constant }) =>
          constant !== undefined &&
          constant.rates.length === falling!.rates.length &&
          constant.rates.every((rate) => rate === falling!.rates[0]),
        right: ({ constant }) => ({
          en: `In \`constant\` it stays at ${constant!.rates[0]!.toPrecision(2)}.`,
          zh: `在 \`constant\` 里，它一直是 ${constant!.rates[0]!.toPrecision(2)}。`,
        }),
        missing: ({ falling, constant }) => ({
          en: constant
            ? `\`constant\` goes from ${constant.rates[0]?.toPrecision(2)} to ${lastOf(constant.rates).toPrecision(2)} in ${constant.rates.length} steps; it should stay where \`falling\` begins, for ${falling!.rates.length} steps.`
            : 'Train as many steps from the same rate with `decayRate: 1`, and put what `train` gives into `constant`.',
          zh: constant
            ? `\`constant\` 在 ${constant.rates.length} 步里从 ${constant.rates[0]?.toPrecision(2)} 变到 ${lastOf(constant.rates).toPrecision(2)}；它应该停在 \`falling\` 开始的地方，训练 ${falling!.rates.length} 步。`
            : '从同样的学习率开始，用 `decayRate: 1` 训练同样多步，把 `train` 的结果放进 `constant`。',
        }),
      },
      {
        holds: ({ falling, constant, lower }) =>
          lower ===
          (validated(falling!) < validated(constant!) || !(validated(constant!) < Infinity) ? 'falling' : 'constant'),
        right: ({ falling, constant }) => ({
          en: `In the end the validation set's loss is ${validated(falling!).toFixed(3)} with the falling rate, and ${validated(constant!).toFixed(3)} with the constant one.`,
          zh: `最后，验证集的损失在学习率下降时是 ${validated(falling!).toFixed(3)}，不变时是 ${validated(constant!).toFixed(3)}。`,
        }),
        missing: ({ lower }) => ({
          en: `\`lower\` is ${lower}. Of which curve is the mean of the last three points lower?`,
          zh: `\`lower\` 现在是 ${lower}。哪条曲线最后三个点的平均值更低？`,
        }),
      },
    ],
    hints: [
      {
        en: "`build` has options: `build('momentum', 0.2, { decayRate: 1 })`.",
        zh: "`build` 有选项：`build('momentum', 0.2, { decayRate: 1 })`。",
      },
      {
        en: "`falling = await train(build('momentum', 0.2, { decayRate: 0.3 }), 200);` and the same for `constant`. `lower` is 'falling' or 'constant'.",
        zh: "`falling = await train(build('momentum', 0.2, { decayRate: 0.3 }), 200);`，`constant` 也一样。`lower` 是 'falling' 或 'constant'。",
      },
    ],
  },
  '307-occlusion': {
    title: { en: 'Occlusion', zh: '遮挡' },
    effects: ['digit', 'covered', 'probabilities'],
    checks: [
      {
        holds: ({ digit, covered }) =>
          digit?.data.length === IMAGE_PIXELS && String(covered?.shape) === `${PLACES * PLACES},${IMAGE_PIXELS}`,
        right: {
          en: `\`covered\` has ${PLACES} × ${PLACES} images.`,
          zh: `\`covered\` 有 ${PLACES} × ${PLACES} 张图像。`,
        },
        missing: ({ covered }) => ({
          en: `\`covered\` should have an image for each place of the paper, [${PLACES * PLACES}, ${IMAGE_PIXELS}], and is ${covered ? shapeText(covered.shape) : 'undefined'}: the paper's upper left corner may lie in rows and columns 0 to ${PLACES - 1}.`,
          zh: `\`covered\` 应该对纸的每个位置有一张图像，[${PLACES * PLACES}, ${IMAGE_PIXELS}]，现在是 ${covered ? shapeText(covered.shape) : 'undefined'}：纸的左上角可以在第 0 到 ${PLACES - 1} 行、第 0 到 ${PLACES - 1} 列。`,
        }),
      },
      {
        holds: ({ digit, covered }) => wronglyCovered(digit!, covered!) === undefined,
        right: { en: 'In each, the paper lies at another place.', zh: '每张图像里，纸都在不同的位置。' },
        missing: ({ digit, covered }) => {
          const place = wronglyCovered(digit!, covered!)!;
          const [row, column] = [Math.floor(place / PLACES), place % PLACES];
          return {
            en: `Image ${place} should be the digit with zeros in rows ${row} to ${row + PAPER - 1} and columns ${column} to ${column + PAPER - 1}, and be the digit everywhere else.`,
            zh: `第 ${place} 张图像应该在第 ${row} 到 ${row + PAPER - 1} 行、第 ${column} 到 ${column + PAPER - 1} 列是 0，其余的地方和原来的数字一样。`,
          };
        },
      },
      {
        holds: ({ digit, covered, probabilities }) =>
          probabilities !== undefined &&
          isMap(digit!, covered!, probabilities) &&
          !isUnsure(digit!, covered!, probabilities),
        right: ({ probabilities }) => {
          const values = numbersOf(probabilities!);
          const least = values.indexOf(Math.min(...values));
          const [row, column] = [Math.floor(least / PLACES), least % PLACES];
          return {
            en: `The network is least sure, ${percentText(values[least]!)}, with the paper at row ${row}, column ${column}.`,
            zh: `当纸在第 ${row} 行第 ${column} 列时，网络最没有把握：${percentText(values[least]!)}。`,
          };
        },
        missing: ({ digit, covered, probabilities }) =>
          probabilities && isMap(digit!, covered!, probabilities)
            ? {
                en: 'Where the paper covers no ink, `probabilities` are less than a half: is that the column of the digit that it is? (If the network reads this one wrong, choose another.)',
                zh: '在纸没有盖住笔画的地方，`probabilities` 不到一半：那是正确数字的那一列吗？（如果网络本来就认错这个数字，请换一个。）',
              }
            : {
                en: `\`probabilities\` should have the probability of the right digit for each of the ${PLACES * PLACES} images, and ${probabilities ? `is ${shapeText(probabilities.shape)}, with values that can't be that` : 'is undefined'}: where the paper covers no ink they are all the same.`,
                zh: `\`probabilities\` 应该是这 ${PLACES * PLACES} 张图像的正确数字的概率，现在${probabilities ? `是 ${shapeText(probabilities.shape)}，而且数值不对` : '是 undefined'}：纸没有盖住笔画的地方，概率都一样。`,
              },
      },
    ],
    hints: [
      {
        en: 'Copy the digit 441 times into one `Float32Array`. Then, for each place, set the 8 × 8 pixels from its row and column on to 0.',
        zh: '把数字复制 441 次，放进一个 `Float32Array`。然后对每个位置，把从那一行那一列开始的 8 × 8 个像素设为 0。',
      },
      {
        en: 'The pixel of row `y` and column `x` of image `place` has the index `place * 784 + y * 28 + x`; `place` is `top * 21 + left`.',
        zh: '第 `place` 张图像第 `y` 行第 `x` 列的像素的下标是 `place * 784 + y * 28 + x`；`place` 是 `top * 21 + left`。',
      },
      {
        en: '`session.run(net.probabilities, [[net.images, covered]])` gives `[441, 10]`; take the column of the right digit, and `plot.heatmap(probabilities)` of `[21, 21]`.',
        zh: '`session.run(net.probabilities, [[net.images, covered]])` 给出 `[441, 10]`；取正确数字的那一列，再用 `plot.heatmap(probabilities)` 画 `[21, 21]`。',
      },
    ],
  },
};
