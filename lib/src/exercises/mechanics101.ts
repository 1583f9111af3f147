/** The exercises of "TensorFlow Mechanics 101". */
import { percentText } from '../notebook/figure/units';
import type { Graph } from '../tf';
import { lastLoss, leastBy, lossBy, roughness } from './curves';
import type { ExercisesOf, OneOf } from './definition';
import { operationsOf, shapeOf, variableNames } from './graphs';

/** A training run, as returned by the notebook's function `train`. */
export interface Training {
  readonly learningRate: number;
  readonly batchSize: number;
  readonly hidden1: number;
  readonly graph: Graph;
  /** The loss of each step's batch. */
  readonly losses: readonly number[];
  /** The duration of all its steps. */
  readonly seconds: number;
  /** The final precision on each set. */
  readonly precision: { readonly train: number; readonly validation: number; readonly test: number };
}

/** The effects that the checks see. */
export interface Mechanics101Effects {
  '101-learning-rate': {
    /** Training runs of at least 500 steps each, with at least four learning rates. */
    trainings: readonly Pick<Training, 'learningRate' | 'losses'>[];
    /** The rate that you would choose. */
    best: number | undefined;
    /** The rate that you would choose if you could only take 200 steps. */
    bestOf200: number | undefined;
  };
  '101-batch-size': {
    /** A training run with batches of 100 images. */
    large: Pick<Training, 'batchSize' | 'losses' | 'seconds'> | undefined;
    /** One with batches of 10 that has seen as many images. */
    small: Pick<Training, 'batchSize' | 'losses' | 'seconds'> | undefined;
    /** The duration of a step of `small`, relative to a step of `large`. */
    stepTime: number | undefined;
    /** The one with the rougher curve. */
    rougher: OneOf<'large' | 'small'> | undefined;
  };
  '101-width': {
    /** A training run with 512 units in the first hidden layer. */
    wide: Pick<Training, 'hidden1' | 'precision'> | undefined;
    /** One with 8. */
    narrow: Pick<Training, 'hidden1' | 'precision'> | undefined;
    /** The difference between each one's precision on the training and the test set, in percentage points. */
    wideGap: number | undefined;
    narrowGap: number | undefined;
  };
  '101-longer': {
    /** A training run of at least 5,000 steps. */
    longer: Pick<Training, 'losses' | 'precision'> | undefined;
    /** The final difference between the precision on the training and the validation set, in percentage points. */
    gap: number | undefined;
  };
  '101-adam': {
    /** A training run with an optimizer of your own `training`. */
    adam: Pick<Training, 'graph' | 'losses'> | undefined;
    /** The names of the additional variables for `hidden1/weights`. */
    slots: readonly string[];
  };
  '101-one-layer': {
    /** A training run with your own `inference` without hidden layers. */
    oneLayer: Pick<Training, 'graph' | 'precision'> | undefined;
  };
  '101-break-it': {
    /** The error that was thrown. */
    problem: unknown;
    /** The two sizes that should be equal and aren't, as the error names them. */
    sizes: readonly number[];
  };
}

/** Half of the loss of a network that outputs 1/10 for every digit: above it, nothing was learned. */
const UNLEARNED = 2;
/** The factor within which losses count as equally good, since two curves may end side by side. */
const AS_GOOD = 1.1;

type Curve = Pick<Training, 'learningRate' | 'losses'>;
const rates = (trainings: readonly Curve[]) => [...new Set(trainings.map(({ learningRate }) => learningRate))];
const rateOf = (training: Curve | undefined) => String(training?.learningRate);
const hasFailed = ({ losses }: Curve) => !(lastLoss(losses) < UNLEARNED);
/**
 * The training run that diverged: its rate is larger than that of one that learns. With a tiny rate, learning is only
 * slow.
 */
const tooFar = (trainings: readonly Curve[]) =>
  trainings.find((training) =>
    trainings.some((other) => !hasFailed(other) && other.learningRate < training.learningRate && hasFailed(training)),
  );

/** Whether the run with this rate has the lowest loss by this step, or nearly. */
function isLowest(trainings: readonly Curve[], rate: number | undefined, lossOf: (training: Curve) => number) {
  const lowest = leastBy(trainings, lossOf);
  const chosen = trainings.find(({ learningRate }) => learningRate === rate);
  return !!lowest && !!chosen && lossOf(chosen) <= AS_GOOD * lossOf(lowest);
}

const atEnd = ({ losses }: Curve) => lastLoss(losses);
const at200 = ({ losses }: Curve) => lossBy(losses, 200, 50);

type Timed = Mechanics101Effects['101-batch-size']['small'];
const imagesOf = (training: Timed) => (training ? training.losses.length * training.batchSize : 0);
const secondsAStep = (training: Timed) => (training ? training.seconds / training.losses.length : Number.NaN);
const stepTimeOf = ({ small, large }: Mechanics101Effects['101-batch-size']) =>
  secondsAStep(small) / secondsAStep(large);
const jumpOf = (training: Timed) => roughness(training?.losses ?? []);
const jumps = (training: Timed) => jumpOf(training).toFixed(3);

/** The difference between a network's precision on the training set and on another one. */
const ahead = (training: Pick<Training, 'precision'> | undefined, set: 'validation' | 'test') =>
  training ? training.precision.train - training.precision[set] : Number.NaN;
const percent = (share: number | undefined) => percentText(share ?? 0);
/** Whether a number is a difference in percentage points, possibly rounded. */
const isPoints = (given: number | undefined, difference: number) =>
  Math.abs(100 * difference - (given ?? Number.NaN)) < 0.1;
const points = (difference: number) => (100 * difference).toFixed(1);
/** A difference between precisions in words: `2.0 points less`. */
const less = (difference: number) => ({
  en: `${points(Math.abs(difference))} points ${difference < 0 ? 'more' : 'less'}`,
  zh: `${difference < 0 ? '高' : '低'} ${points(Math.abs(difference))} 个百分点`,
});

const slotsIn = (graph: Graph) => variableNames(graph).filter((name) => name.startsWith('hidden1/weights/'));
/** The name of an operation; readers may give the name of its tensor. */
const operationName = (name: string) => name.replace(/:0$/, '');

/** Whether the loss's input has passed through something other than sums. */
const isBent = (graph: Graph | undefined) =>
  graph !== undefined &&
  operationsOf(graph, 'SparseSoftmaxCrossEntropyWithLogits').some(({ inputs: [logits] }) =>
    /^(Softmax|LogSoftmax|Relu6?|Sigmoid|Tanh)$/.test(logits?.op.type ?? ''),
  );

const mismatch = /^Dimensions must be equal, but are (\d+) and (\d+) for '\{\{node (hidden2\/[\w/]+)/;
const mismatchIn = (problem: unknown) => (problem instanceof Error ? mismatch.exec(problem.message) : null);
const sizesIn = (problem: unknown) => mismatchIn(problem)?.slice(1, 3).map(Number) ?? [];
const operationIn = (problem: unknown) => mismatchIn(problem)?.[3];

export const mechanics101: ExercisesOf<Mechanics101Effects> = {
  '101-learning-rate': {
    title: { en: 'Learning rate', zh: '学习率' },
    effects: ['trainings', 'best', 'bestOf200'],
    checks: [
      {
        holds: ({ trainings }) => rates(trainings).length >= 4 && trainings.every(({ losses }) => losses.length >= 500),
        right: ({ trainings }) => ({
          en: `You have trained with the rates ${rates(trainings).join(', ')}.`,
          zh: `你用这些学习率训练过：${rates(trainings).join('、')}。`,
        }),
        missing: {
          en: 'Train with four different rates or more, for 500 steps or more each, and put what `train` gives into `trainings`.',
          zh: '至少用四个不同的学习率各训练 500 步以上，并把 `train` 的结果放进 `trainings`。',
        },
      },
      {
        holds: ({ trainings }) => tooFar(trainings) !== undefined,
        right: ({ trainings }) => ({
          en: `With ${rateOf(tooFar(trainings))} it learns nothing: every step goes too far.`,
          zh: `学习率为 ${rateOf(tooFar(trainings))} 时什么也学不到：每一步都跨得太远。`,
        }),
        missing: ({ trainings }) => {
          const slow = trainings.find(hasFailed);
          return slow
            ? {
                en: `With ${rateOf(slow)} the loss ends above ${UNLEARNED}, but that rate is too small, and more steps would help. Find one that is so large that nothing is learned, beside one that learns.`,
                zh: `学习率为 ${rateOf(slow)} 时损失最后高于 ${UNLEARNED}，但那是因为它太小，多训练几步就会好。请找一个大到什么也学不到的学习率，同时保留一个能学会的。`,
              }
            : {
                en: `All of yours learn, also ${Math.max(...rates(trainings))}. Find a larger rate, with which the loss never gets below ${UNLEARNED}.`,
                zh: `你的每个学习率都能学会，连 ${Math.max(...rates(trainings))} 也行。请找一个更大的、让损失（loss）始终降不到 ${UNLEARNED} 以下的学习率。`,
              };
        },
      },
      {
        holds: ({ trainings, best }) => isLowest(trainings, best, atEnd),
        right: ({ best }) => ({ en: `${best} ends with the lowest loss.`, zh: `${best} 最后的损失最低。` }),
        missing: ({ best }) => ({
          en: `\`best\` is ${best}${best === undefined ? ': which of your rates ends lowest?' : ', and another of your rates ends lower.'} Compare the means of the last 100 losses.`,
          zh: `\`best\` 现在是 ${best}${best === undefined ? '：你的哪个学习率最后最低？' : '，但你的另一个学习率最后更低。'}请比较最后 100 步损失的平均值。`,
        }),
      },
      {
        holds: ({ trainings, bestOf200 }) => isLowest(trainings, bestOf200, at200),
        right: ({ bestOf200 }) => ({
          en: `With 200 steps only, ${bestOf200} gets furthest.`,
          zh: `如果只能走 200 步，${bestOf200} 走得最远。`,
        }),
        missing: ({ bestOf200 }) => ({
          en: `\`bestOf200\` is ${bestOf200}${bestOf200 === undefined ? ': which of your curves is lowest just before step 200?' : ', and another of your curves is lower just before step 200.'}`,
          zh: `\`bestOf200\` 现在是 ${bestOf200}${bestOf200 === undefined ? '：快到第 200 步时，你的哪条曲线最低？' : '，但快到第 200 步时，你的另一条曲线更低。'}`,
        }),
      },
    ],
    hints: [
      {
        en: 'Make the rate ten times as large, again and again, until nothing is learned any more.',
        zh: '把学习率每次乘以 10，一直加大，直到网络什么也学不到。',
      },
      {
        en: '`for (const learningRate of [0.001, 0.1, 1, 10]) trainings.push(await train({ learningRate }));`',
        zh: '`for (const learningRate of [0.001, 0.1, 1, 10]) trainings.push(await train({ learningRate }));`',
      },
      {
        en: 'In the figure, look at which curve is lowest at its right edge, and which is lowest at 200.',
        zh: '看图：哪条曲线在最右边最低？哪条在 200 步处最低？',
      },
    ],
  },

  '101-batch-size': {
    title: { en: 'Batch size', zh: '批大小（batch size）' },
    effects: ['large', 'small', 'stepTime', 'rougher'],
    checks: [
      {
        holds: ({ large, small }) => large?.batchSize === 100 && small?.batchSize === 10,
        right: {
          en: 'You have trained with batches of 100 and of 10.',
          zh: '你用 100 张一批和 10 张一批各训练了一次。',
        },
        missing: {
          en: 'Train twice: `large` with `batchSize: 100`, `small` with `batchSize: 10`.',
          zh: '训练两次：`large` 用 `batchSize: 100`，`small` 用 `batchSize: 10`。',
        },
      },
      {
        holds: ({ large, small }) => imagesOf(large) === imagesOf(small) && imagesOf(large) >= 20_000,
        right: ({ large }) => ({
          en: `Both have seen ${imagesOf(large)} images.`,
          zh: `两次都看了 ${imagesOf(large)} 张图像。`,
        }),
        missing: ({ large, small }) => ({
          en:
            `\`large\` has seen ${imagesOf(large)} images and \`small\` ${imagesOf(small)}. ` +
            'Give both as many, 20,000 at least: a batch that is ten times smaller needs ten times the steps.',
          zh:
            `\`large\` 看了 ${imagesOf(large)} 张图像，\`small\` 看了 ${imagesOf(small)} 张。` +
            '请让两次看的图像一样多，至少 20,000 张：每批小 10 倍，步数就要多 10 倍。',
        }),
      },
      {
        holds: (effects) => Math.abs((effects.stepTime ?? 0) / stepTimeOf(effects) - 1) < 0.25,
        right: (effects) => ({
          en: `A step of 10 images takes ${stepTimeOf(effects).toFixed(2)} of the time of a step of 100, not 0.10.`,
          zh: `10 张图像的一步所用的时间是 100 张图像的一步的 ${stepTimeOf(effects).toFixed(2)} 倍，而不是 0.10 倍。`,
        }),
        missing: ({ stepTime }) => ({
          en: `\`stepTime\` is ${stepTime}. Of each training \`seconds\` is the time of all its steps, and \`losses.length\` their number.`,
          zh: `\`stepTime\` 现在是 ${stepTime}。每次训练的 \`seconds\` 是所有步的总时间，\`losses.length\` 是步数。`,
        }),
      },
      {
        holds: ({ large, small, rougher }) => rougher === (jumpOf(small) > jumpOf(large) ? 'small' : 'large'),
        right: ({ large, small, rougher }) => ({
          en: `\`${rougher}\` is rougher: from step to step the loss jumps by ${jumps(small)} with 10 images, by ${jumps(large)} with 100.`,
          zh: `\`${rougher}\` 更粗糙：相邻两步的损失平均相差，10 张一批时是 ${jumps(small)}，100 张一批时是 ${jumps(large)}。`,
        }),
        missing: ({ rougher }) => ({
          en: `\`rougher\` is ${rougher}: draw both curves and look which of them jumps more from step to step.`,
          zh: `\`rougher\` 现在是 ${rougher}：把两条曲线画出来，看哪一条在相邻两步之间跳得更厉害。`,
        }),
      },
    ],
    hints: [
      {
        en: 'The number of images is `maxSteps` times `batchSize`: 500 steps of 100 are 5,000 steps of 10.',
        zh: '图像的数量是 `maxSteps` 乘以 `batchSize`：100 张一批的 500 步，等于 10 张一批的 5,000 步。',
      },
      {
        en: 'The time of one step is `small.seconds / small.losses.length`.',
        zh: '一步的时间是 `small.seconds / small.losses.length`。',
      },
    ],
  },

  '101-width': {
    title: { en: 'Width', zh: '宽度' },
    effects: ['wide', 'narrow', 'wideGap', 'narrowGap'],
    checks: [
      {
        holds: ({ wide, narrow }) => wide?.hidden1 === 512 && narrow?.hidden1 === 8,
        right: { en: 'One network has 512 units, the other 8.', zh: '一个网络有 512 个单元，另一个有 8 个。' },
        missing: {
          en: 'Train twice: `wide` with `hidden1: 512`, `narrow` with `hidden1: 8`.',
          zh: '训练两次：`wide` 用 `hidden1: 512`，`narrow` 用 `hidden1: 8`。',
        },
      },
      {
        holds: ({ wide }) => (wide?.precision.train ?? 0) >= 0.95,
        right: ({ wide, narrow }) => ({
          en: `On the training set the wide one reads ${percent(wide?.precision.train)} right, the narrow one ${percent(narrow?.precision.train)}.`,
          zh: `在训练集上，宽的网络认对了 ${percent(wide?.precision.train)}，窄的认对了 ${percent(narrow?.precision.train)}。`,
        }),
        missing: ({ wide }) => ({
          en: `The wide one reads only ${percent(wide?.precision.train)} of the training set right: it has not had the time to show what it can. Give it a larger \`learningRate\`, or more steps.`,
          zh: `宽的网络在训练集上只认对了 ${percent(wide?.precision.train)}：它还没有机会显示本领。请加大 \`learningRate\`，或者多训练几步。`,
        }),
      },
      {
        holds: ({ wide, narrow, wideGap, narrowGap }) =>
          isPoints(wideGap, ahead(wide, 'test')) && isPoints(narrowGap, ahead(narrow, 'test')),
        right: ({ wide, narrow }) => ({
          en: `On the test set the wide one reads ${percent(wide?.precision.test)} right, ${less(ahead(wide, 'test')).en} than on its training set; the narrow one ${percent(narrow?.precision.test)}, ${less(ahead(narrow, 'test')).en}.`,
          zh: `在测试集上，宽的网络认对了 ${percent(wide?.precision.test)}，比训练集${less(ahead(wide, 'test')).zh}；窄的认对了 ${percent(narrow?.precision.test)}，${less(ahead(narrow, 'test')).zh}。`,
        }),
        missing: ({ wideGap, narrowGap }) => ({
          en: `\`wideGap\` is ${wideGap} and \`narrowGap\` ${narrowGap}. Of each network they are \`precision.train\` minus \`precision.test\`, times 100.`,
          zh: `\`wideGap\` 现在是 ${wideGap}，\`narrowGap\` 是 ${narrowGap}。对每个网络，用 \`precision.train\` 减去 \`precision.test\`，再乘以 100。`,
        }),
      },
    ],
    hints: [
      {
        en: 'With `learningRate: 0.5` a thousand steps are enough.',
        zh: '用 `learningRate: 0.5`，一千步就够了。',
      },
      {
        en: '`const wide = await train({ hidden1: 512, learningRate: 0.5, maxSteps: 1000 });` Then look at `wide.precision`.',
        zh: '`const wide = await train({ hidden1: 512, learningRate: 0.5, maxSteps: 1000 });` 然后看 `wide.precision`。',
      },
    ],
  },

  '101-longer': {
    title: { en: 'Longer', zh: '训练更久' },
    effects: ['longer', 'gap'],
    checks: [
      {
        holds: ({ longer }) => (longer?.losses.length ?? 0) >= 5000,
        right: ({ longer }) => ({
          en: `You have trained for ${longer?.losses.length} steps.`,
          zh: `你训练了 ${longer?.losses.length} 步。`,
        }),
        missing: ({ longer }) => ({
          en: `\`longer\` has ${longer?.losses.length ?? 0} steps; it is to have 5,000 or more.`,
          zh: `\`longer\` 只有 ${longer?.losses.length ?? 0} 步；请训练 5,000 步以上。`,
        }),
      },
      {
        holds: ({ longer }) => (longer?.precision.train ?? 0) >= 0.98,
        right: ({ longer }) => ({
          en: `It reads ${percent(longer?.precision.train)} of its training images right.`,
          zh: `训练集的图像它认对了 ${percent(longer?.precision.train)}。`,
        }),
        missing: ({ longer }) => ({
          en: `It reads ${percent(longer?.precision.train)} of its training images right; 98 % and more are possible. If its curve still falls, take a larger rate; if it jumps to and fro, a smaller one.`,
          zh: `训练集的图像它认对了 ${percent(longer?.precision.train)}；98 % 以上是可能的。如果曲线还在下降，就加大学习率；如果它上下跳动，就减小学习率。`,
        }),
      },
      {
        holds: ({ longer, gap }) => isPoints(gap, ahead(longer, 'validation')),
        right: ({ gap, longer }) => ({
          en:
            `The validation set is ${points(ahead(longer, 'validation'))} points behind. ` +
            ((gap ?? 0) > 1
              ? 'What it learns by now helps it with its own images only.'
              : 'Not far: it has hardly begun to learn by heart.'),
          zh:
            `验证集落后 ${points(ahead(longer, 'validation'))} 个百分点。` +
            ((gap ?? 0) > 1 ? '这时它再学到的，只对自己见过的图像有用。' : '差得不远：它还没怎么死记硬背。'),
        }),
        missing: ({ gap }) => ({
          en: `\`gap\` is ${gap}. It is the difference of the two precisions in percentage points: of 0.99 and 0.97 it is 2.`,
          zh: `\`gap\` 现在是 ${gap}。它是两个准确率之差，以百分点计：0.99 和 0.97 之差是 2。`,
        }),
      },
    ],
    hints: [
      {
        en: 'Training has all it needs in `train({ learningRate: …, maxSteps: 5000 })`; of what it gives, look at `precision`.',
        zh: '用 `train({ learningRate: …, maxSteps: 5000 })` 就能训练；在它的结果里看 `precision`。',
      },
      {
        en: '`const gap = 100 * (longer.precision.train - longer.precision.validation);`',
        zh: '`const gap = 100 * (longer.precision.train - longer.precision.validation);`',
      },
    ],
  },

  '101-adam': {
    title: { en: 'Another optimizer', zh: '换一个优化器（optimizer）' },
    effects: ['adam', 'slots'],
    checks: [
      {
        holds: ({ adam }) => !!adam && operationsOf(adam.graph, 'ApplyAdam').length > 0,
        right: ({ adam }) => ({
          en: `The graph has ${adam && operationsOf(adam.graph, 'ApplyAdam').length} operations \`ApplyAdam\`, one for each variable.`,
          zh: `图里有 ${adam && operationsOf(adam.graph, 'ApplyAdam').length} 个 \`ApplyAdam\` 操作，每个变量一个。`,
        }),
        missing: ({ adam }) => ({
          en: adam
            ? 'The graph has no operation of type `ApplyAdam` yet. Does your `training` make an `AdamOptimizer`, and is it given to `train`?'
            : 'Train with your own `training`: `const adam = await train({}, { training: withAdam });`',
          zh: adam
            ? '图里还没有 `ApplyAdam` 类型的操作。你的 `training` 用了 `AdamOptimizer` 吗？把它交给 `train` 了吗？'
            : '用你自己的 `training` 来训练：`const adam = await train({}, { training: withAdam });`',
        }),
      },
      {
        holds: ({ adam }) => lastLoss(adam?.losses ?? []) < 1,
        right: ({ adam }) => ({
          en: `It learns: the last losses are ${lastLoss(adam?.losses ?? []).toFixed(2)} on average.`,
          zh: `它学会了：最后的损失平均是 ${lastLoss(adam?.losses ?? []).toFixed(2)}。`,
        }),
        missing: ({ adam }) => ({
          en: `Its last losses are ${lastLoss(adam?.losses ?? []).toFixed(2)} on average. Adam wants a rate of about 0.001, and some hundred steps.`,
          zh: `它最后的损失平均是 ${lastLoss(adam?.losses ?? []).toFixed(2)}。Adam 的学习率大约是 0.001，要训练几百步。`,
        }),
      },
      {
        holds: ({ adam, slots }) => {
          const added = adam ? slotsIn(adam.graph) : [];
          return added.length > 0 && [...slots].map(operationName).sort().join() === added.sort().join();
        },
        right: ({ adam }) => ({
          en: `For \`hidden1/weights\` these have come in: ${adam && slotsIn(adam.graph).join(' and ')}.`,
          zh: `为 \`hidden1/weights\` 增加了这些变量：${adam && slotsIn(adam.graph).join(' 和 ')}。`,
        }),
        missing: ({ slots }) => ({
          en: `\`slots\` is [${slots.join(', ')}]. Which variables begin with \`hidden1/weights/\`? Look at the graph, or have their names printed.`,
          zh: `\`slots\` 现在是 [${slots.join(', ')}]。哪些变量的名字以 \`hidden1/weights/\` 开头？看图，或者把名字打印出来。`,
        }),
      },
    ],
    hints: [
      {
        en: 'Of the optimizer only one line changes: `new tf.train.AdamOptimizer(learningRate)`. The step counter stays.',
        zh: '只有一行要改：`new tf.train.AdamOptimizer(learningRate)`。步数计数器不变。',
      },
      {
        en: "The variables are the operations of type `VariableV2`: `adam.graph.operations.filter(({ type }) => type === 'VariableV2').map(({ name }) => name)`.",
        zh: "变量就是 `VariableV2` 类型的操作：`adam.graph.operations.filter(({ type }) => type === 'VariableV2').map(({ name }) => name)`。",
      },
    ],
  },

  '101-one-layer': {
    title: { en: 'One layer', zh: '只有一层' },
    effects: ['oneLayer'],
    checks: [
      {
        holds: ({ oneLayer }) => oneLayer !== undefined,
        right: { en: 'You have trained a network of your own.', zh: '你训练了自己写的网络。' },
        missing: {
          en: 'Train with your own `inference`: `const oneLayer = await train({}, { inference: alone });`',
          zh: '用你自己的 `inference` 来训练：`const oneLayer = await train({}, { inference: alone });`',
        },
      },
      {
        holds: ({ oneLayer }) =>
          oneLayer?.graph.getCollection('trainable_variables').map(shapeOf).sort().join(' ') === '10 784×10',
        right: {
          en: 'It has one matrix of 784×10 weights, and 10 biases.',
          zh: '它有一个 784×10 的权重（weights）矩阵和 10 个偏置（biases）。',
        },
        missing: ({ oneLayer }) => ({
          en: `Its variables are of the shapes ${oneLayer?.graph.getCollection('trainable_variables').map(shapeOf).join(', ')}. A network without hidden layers has 784×10 weights and 10 biases, and no more.`,
          zh: `它的变量形状是 ${oneLayer?.graph.getCollection('trainable_variables').map(shapeOf).join('、')}。没有隐藏层的网络只有 784×10 个权重和 10 个偏置。`,
        }),
      },
      {
        holds: ({ oneLayer }) => !isBent(oneLayer?.graph),
        right: { en: 'Nothing stands between its sums and the loss.', zh: '它的和直接用来算损失，中间没有别的东西。' },
        missing: {
          en: 'Its sums go through `softmax` or `relu` before they come to the loss. The loss wants the sums as they are: `(sums) => sums`.',
          zh: '它的和在算损失之前先经过了 `softmax` 或 `relu`。损失要的是和本身：`(sums) => sums`。',
        },
      },
      {
        holds: ({ oneLayer }) => (oneLayer?.precision.test ?? 0) > 0.85,
        right: ({ oneLayer }) => ({
          en: `It reads ${percent(oneLayer?.precision.test)} of the test set right, with one layer.`,
          zh: `只有一层，它也认对了测试集的 ${percent(oneLayer?.precision.test)}。`,
        }),
        missing: ({ oneLayer }) => ({
          en: `It reads ${percent(oneLayer?.precision.test)} of the test set right; it can do better than 85 %. Train longer, or by a larger rate.`,
          zh: `它认对了测试集的 ${percent(oneLayer?.precision.test)}；它能超过 85 %。请训练久一些，或者加大学习率。`,
        }),
      },
    ],
    hints: [
      {
        en: 'The last line of the lesson’s `inference` is the layer that you need; what goes into it now are the images.',
        zh: '课文里 `inference` 的最后一行就是你要的那一层；现在输入它的是图像。',
      },
      {
        en: "`return layer('softmax_linear', images, mnist.IMAGE_PIXELS, mnist.NUM_CLASSES, (sums) => sums);`",
        zh: "`return layer('softmax_linear', images, mnist.IMAGE_PIXELS, mnist.NUM_CLASSES, (sums) => sums);`",
      },
    ],
  },

  '101-break-it': {
    title: { en: 'Break it', zh: '弄坏它' },
    effects: ['problem', 'sizes'],
    checks: [
      {
        holds: ({ problem }) => problem !== undefined,
        right: { en: 'The graph was refused while it was being built.', zh: '在建图的时候就出错了。' },
        missing: {
          en: 'Nothing was thrown yet. Exchange `hidden1` and `hidden2` in the line of the second hidden layer.',
          zh: '还没有出错。请在第二个隐藏层的那一行里交换 `hidden1` 和 `hidden2`。',
        },
      },
      {
        holds: ({ problem }) => sizesIn(problem).length === 2,
        right: ({ problem }) => ({
          en: `It is the multiplication of \`${operationIn(problem)}\` that doesn't fit.`,
          zh: `对不上的是 \`${operationIn(problem)}\` 这次矩阵乘法。`,
        }),
        missing: ({ problem }) => ({
          en: `What was thrown is another error: ${problem}. Exchange the two in the line of \`hidden2\`, and nothing else.`,
          zh: `出的是另一个错误：${problem}。只在 \`hidden2\` 那一行交换这两个数，别的都不要改。`,
        }),
      },
      {
        holds: ({ problem, sizes }) => [...sizes].sort().join() === sizesIn(problem).sort().join(),
        right: ({ sizes }) => ({
          en: `Rows of ${sizes[0]} numbers can't be multiplied by a matrix of ${sizes[1]} rows.`,
          zh: `每行 ${sizes[0]} 个数，不能乘以有 ${sizes[1]} 行的矩阵。`,
        }),
        missing: ({ sizes }) => ({
          en: `\`sizes\` is [${sizes.join(', ')}]. Read the first line of the error: “Dimensions must be equal, but are …”.`,
          zh: `\`sizes\` 现在是 [${sizes.join(', ')}]。请读错误的第一行：“Dimensions must be equal, but are …”。`,
        }),
      },
    ],
    hints: [
      {
        en: 'The line of the second layer says `hidden1, hidden2`: how many numbers come in, and how many go out. Write `hidden2, hidden1`.',
        zh: '第二层那一行写着 `hidden1, hidden2`：输入多少个数，输出多少个数。请改成 `hidden2, hidden1`。',
      },
      {
        en: 'The first matrix has a row of 128 numbers for each image; the second one should have as many rows.',
        zh: '第一个矩阵里每张图像是一行 128 个数；第二个矩阵就应该有这么多行。',
      },
    ],
  },
};
