/** The exercises of "TensorBoard". */
import { percentText } from '../notebook/figure/units';
import type { Graph, HostArray, RunMetadata } from '../tf';
import { activitiesOf } from '../tf/session/timeline/activities';
import { lastLoss, meanOf, roughness } from './curves';
import type { ExercisesOf, OneOf } from './definition';
import { operationsOf } from './graphs';
import { type Histograms, isZero, reachOf, sizeOf } from './histograms';
import { nearestRows } from './neighbours';
import { correlation, pitches } from './sounds';

/** A training run, as returned by the notebook's function `train`. */
export interface WatchedTraining {
  readonly weightScale: number;
  readonly hiddenBias: number;
  readonly keepProbability: number;
  readonly batchSize: number;
  readonly graph: Graph;
  /** The loss of each step's batch. */
  readonly losses: readonly number[];
  /** The accuracy on each batch: on the training set with dropout, and on the validation set at every tenth step. */
  readonly trainAccuracy: readonly number[];
  readonly validationAccuracy: readonly number[];
  /** The final accuracy on each set, without dropout. */
  readonly accuracy: { readonly train: number; readonly validation: number };
  /** The histograms that it has written. */
  readonly histograms: Histograms;
  /** Its last step. */
  readonly trace: RunMetadata;
}

/** The effects that the checks see. */
export interface TensorBoardEffects {
  'tensorboard-histogram': {
    /** A training run of at least 100 steps that starts with weights 28 times as wide. */
    wide: Pick<WatchedTraining, 'weightScale' | 'losses' | 'histograms'> | undefined;
    /** The reach of the hidden layer's pre-activations from zero at step 0, as you read it from the figure. */
    reach: number | undefined;
  };
  'tensorboard-dead-layer': {
    /** A training run of at least 100 steps in which the hidden layer's biases start at -5. */
    dead: Pick<WatchedTraining, 'hiddenBias' | 'losses' | 'histograms'> | undefined;
    /** The tag of a histogram that is zero at every step. */
    tag: string;
  };
  'tensorboard-dropout': {
    /** A training run of at least 1,000 steps that keeps half of the units. */
    half: Pick<WatchedTraining, 'keepProbability' | 'trainAccuracy' | 'validationAccuracy' | 'accuracy'> | undefined;
    /** The higher curve at the end of training. */
    whileTraining: OneOf<'train' | 'validation'> | undefined;
    /** The set on which the network is more accurate in the end, without dropout. */
    withoutDropout: OneOf<'train' | 'validation'> | undefined;
  };
  'tensorboard-gradients': {
    /** A training run of at least 100 steps, with a histogram of the gradient of every variable. */
    watched: Pick<WatchedTraining, 'graph' | 'losses' | 'histograms'> | undefined;
    /** The layer with the larger weight gradients in the end. */
    larger: OneOf<'hidden' | 'output'> | undefined;
  };
  'tensorboard-time': {
    /** A training run with batches of 100 images. */
    small: Pick<WatchedTraining, 'batchSize' | 'trace'> | undefined;
    /** One with batches of 1,000. */
    large: Pick<WatchedTraining, 'batchSize' | 'trace'> | undefined;
    /** A type of operation that takes much longer with ten times the images, and one that doesn't. */
    grows: string;
    stays: string;
  };
  'tensorboard-listen': {
    /** The losses of the training set, in order. */
    trainLosses: readonly number[];
    /** The losses of the validation set from which the lesson made a melody. */
    validationLosses: readonly number[];
    /** The training losses as a sound, with a note for each. */
    melody: Float32Array;
    /** The set whose melody trembles more. */
    trembles: OneOf<'train' | 'validation'> | undefined;
  };
  'tensorboard-projector': {
    /** The hidden layer's output for each digit, one per row. */
    vectors: HostArray;
    /** The digits' labels. */
    labels: readonly number[];
    /** The row of a digit that lies among others. */
    stranger: number | undefined;
  };
}

const firstReach = (histograms: Histograms | undefined) => {
  const [first] = histograms?.get('hidden/pre_activations') ?? [];
  return first ? reachOf(first) : Number.NaN;
};

const endOf = (accuracies: readonly number[] = []) => meanOf(accuracies.slice(-Math.ceil(accuracies.length / 10)));
const higher = (train: number | undefined, validation: number | undefined) =>
  (train ?? 0) > (validation ?? 0) ? 'train' : 'validation';
const percent = (share: number | undefined) => percentText(share ?? 0);

/** The operations that summarize gradients of a scope. */
const gradientHistograms = (graph: Graph) =>
  operationsOf(graph, 'HistogramSummary').filter(({ inputs }) =>
    inputs.some(({ op }) => /(^|\/)gradients/.test(op.name)),
  );

/** The size of a layer's gradients at the last step written. */
function gradientSize(histograms: Histograms | undefined, layer: string): number {
  const tags = [...(histograms?.keys() ?? [])];
  const tag = tags.find((name) => name.includes(`${layer}/weights/`) && name.endsWith('gradient'));
  const last = histograms?.get(tag ?? '')?.at(-1);
  return last ? sizeOf(last) : Number.NaN;
}

type Traced = Pick<WatchedTraining, 'batchSize' | 'trace'> | undefined;

/** The time of all operations of a type, in microseconds. */
function timeOf(traced: Traced, type: string): number {
  const stats = traced?.trace.stepStats;
  const activities = stats ? activitiesOf(stats).flatMap((device) => device.activities) : [];
  return activities.filter((activity) => activity.type === type).reduce((sum, { duration }) => sum + duration, 0);
}

type Traces = TensorBoardEffects['tensorboard-time'];
/** The factor by which the operations of a type take longer; NaN if there are none. */
const growth = ({ small, large }: Traces, type: string) =>
  timeOf(small, type) > 0 ? timeOf(large, type) / timeOf(small, type) : Number.NaN;
const grown = (traces: Traces, type: string) => growth(traces, type).toFixed(1);
/** A trace covers one step, and times vary: only this factor counts as growth. */
const MUCH = 2.5;

/** The number of neighbours that identify a stranger. */
const NEIGHBOURS = 10;
const strangers = ({ vectors, labels, stranger = -1 }: TensorBoardEffects['tensorboard-projector']) =>
  nearestRows(vectors, stranger, NEIGHBOURS).filter((row) => labels[row] !== labels[stranger]);

export const tensorboard: ExercisesOf<TensorBoardEffects> = {
  'tensorboard-histogram': {
    title: { en: 'Read a histogram', zh: '读直方图（histogram）' },
    effects: ['wide', 'reach'],
    checks: [
      {
        holds: ({ wide }) => (wide?.weightScale ?? 0) >= 20 && (wide?.losses.length ?? 0) >= 100,
        right: ({ wide }) => ({
          en: `The loss begins at ${wide?.losses[0]?.toFixed(1)} and not at 2.3: the network knows nothing, and is certain all the same. After ${wide?.losses.length} steps it is ${lastLoss(wide?.losses.slice(-20) ?? []).toFixed(1)}.`,
          zh: `损失（loss）从 ${wide?.losses[0]?.toFixed(1)} 开始，而不是 2.3：网络什么都不懂，却十分肯定。${wide?.losses.length} 步之后是 ${lastLoss(wide?.losses.slice(-20) ?? []).toFixed(1)}。`,
        }),
        missing: {
          en: 'Train with `weightScale: 28` for 100 steps or more, and keep what `train` gives as `wide`.',
          zh: '用 `weightScale: 28` 训练 100 步以上，把 `train` 的结果存为 `wide`。',
        },
      },
      {
        holds: ({ wide, reach = Number.NaN }) => Math.abs(Math.abs(reach) / firstReach(wide?.histograms) - 1) < 0.18,
        right: ({ wide }) => ({
          en: `At step 0 the pre-activations reach ${firstReach(wide?.histograms).toFixed(0)} away from zero.`,
          zh: `在第 0 步，激活前的值（pre-activations）最远离零 ${firstReach(wide?.histograms).toFixed(0)}。`,
        }),
        missing: ({ reach }) => ({
          en: `\`reach\` is ${reach}. Draw the histograms of \`hidden/pre_activations\` and look how far the one of step 0 goes, on the side where it goes further.`,
          zh: `\`reach\` 现在是 ${reach}。请画出 \`hidden/pre_activations\` 的直方图，看第 0 步那一条在更宽的一侧伸到哪里。`,
        }),
      },
    ],
    hints: [
      {
        en: 'What `train` writes lies in the folder `logdir` that it gives, the training batches in `train` in it.',
        zh: '`train` 写下的东西在它给出的文件夹 `logdir` 里，训练批次的在其中的 `train` 里。',
      },
      {
        en: "Copy the lesson's cell that draws histograms, with `wide.logdir` and the tag `hidden/pre_activations`.",
        zh: '把课文里画直方图的单元格抄下来，改用 `wide.logdir` 和标签（tag）`hidden/pre_activations`。',
      },
    ],
  },

  'tensorboard-dead-layer': {
    title: { en: 'A dead layer', zh: '死掉的一层' },
    effects: ['dead', 'tag'],
    checks: [
      {
        holds: ({ dead }) => (dead?.hiddenBias ?? 0) <= -5 && (dead?.losses.length ?? 0) >= 100,
        right: ({ dead }) => ({
          en: `After ${dead?.losses.length} steps the loss is ${lastLoss(dead?.losses.slice(-20) ?? []).toFixed(2)}: no better than chance, and it doesn't say why.`,
          zh: `${dead?.losses.length} 步之后损失是 ${lastLoss(dead?.losses.slice(-20) ?? []).toFixed(2)}：和瞎猜一样，而且看不出原因。`,
        }),
        missing: {
          en: 'Train with `hiddenBias: -5` for 100 steps or more, and keep what `train` gives as `dead`.',
          zh: '用 `hiddenBias: -5` 训练 100 步以上，把 `train` 的结果存为 `dead`。',
        },
      },
      {
        holds: ({ dead, tag }) => isZero(dead?.histograms.get(tag) ?? []),
        right: ({ tag }) => ({
          en: `\`${tag}\` is a single peak at zero from the first step on. Where nothing comes out, no gradient goes back: the layer can't wake up.`,
          zh: `\`${tag}\` 从第一步起就只有零处的一个尖峰。没有输出，就没有梯度（gradient）传回来：这一层再也醒不过来。`,
        }),
        missing: ({ dead, tag }) => ({
          en: dead?.histograms.has(tag)
            ? `\`${tag}\` isn't zero at every step. Which histogram shows what comes *out* of the hidden layer?`
            : `There is no histogram with the tag \`${tag}\`. There are ${[...(dead?.histograms.keys() ?? [])].join(', ')}.`,
          zh: dead?.histograms.has(tag)
            ? `\`${tag}\` 并不是每一步都为零。哪个直方图显示隐藏层的*输出*？`
            : `没有标签为 \`${tag}\` 的直方图。现有的是 ${[...(dead?.histograms.keys() ?? [])].join('、')}。`,
        }),
      },
    ],
    hints: [
      {
        en: 'relu lets through what is positive. What does it make of sums that all lie around -5?',
        zh: 'relu 只让正数通过。如果所有的和都在 -5 左右，它的结果是什么？',
      },
      {
        en: 'The scalars only say that nothing is learned. Draw all histograms of `hidden/`, and look at which of them never moves.',
        zh: '标量只说明什么也没学到。请画出 `hidden/` 的所有直方图，看哪一个从来不动。',
      },
    ],
  },

  'tensorboard-dropout': {
    title: { en: 'Dropout', zh: '随机失活（dropout）' },
    effects: ['half', 'whileTraining', 'withoutDropout'],
    checks: [
      {
        holds: ({ half }) => half?.keepProbability === 0.5 && half.trainAccuracy.length >= 1000,
        right: ({ half }) => ({
          en: `You have trained for ${half?.trainAccuracy.length} steps with half of the units silenced.`,
          zh: `你让一半的单元沉默，训练了 ${half?.trainAccuracy.length} 步。`,
        }),
        missing: {
          en: 'Train with `keepProbability: 0.5` for 1,000 steps or more, and keep what `train` gives as `half`.',
          zh: '用 `keepProbability: 0.5` 训练 1,000 步以上，把 `train` 的结果存为 `half`。',
        },
      },
      {
        holds: ({ half, whileTraining }) =>
          whileTraining === higher(endOf(half?.trainAccuracy), endOf(half?.validationAccuracy)),
        right: ({ half }) => ({
          en: `At the end of the curves: ${percent(endOf(half?.trainAccuracy))} of the training batches, ${percent(endOf(half?.validationAccuracy))} of the validation batches.`,
          zh: `曲线的末端：训练批次 ${percent(endOf(half?.trainAccuracy))}，验证批次 ${percent(endOf(half?.validationAccuracy))}。`,
        }),
        missing: ({ whileTraining }) => ({
          en: `\`whileTraining\` is ${whileTraining}. Draw \`trainAccuracy\` and \`validationAccuracy\`: which of them is higher at its right end?`,
          zh: `\`whileTraining\` 现在是 ${whileTraining}。请画出 \`trainAccuracy\` 和 \`validationAccuracy\`：在最右边哪一条更高？`,
        }),
      },
      {
        holds: ({ half, withoutDropout }) => withoutDropout === higher(half?.accuracy.train, half?.accuracy.validation),
        right: ({ half }) => ({
          en: `With all its units it reads ${percent(half?.accuracy.train)} of the training set right and ${percent(half?.accuracy.validation)} of the validation set.`,
          zh: `所有单元都工作时，它认对了训练集的 ${percent(half?.accuracy.train)}，验证集的 ${percent(half?.accuracy.validation)}。`,
        }),
        missing: ({ withoutDropout }) => ({
          en: `\`withoutDropout\` is ${withoutDropout}. \`half.accuracy\` has both: of the whole sets, with all units at work.`,
          zh: `\`withoutDropout\` 现在是 ${withoutDropout}。\`half.accuracy\` 里有两个集的结果，那时所有单元都在工作。`,
        }),
      },
    ],
    hints: [
      {
        en: 'The validation images are always read by the whole network. Who reads the training batches?',
        zh: '验证图像总是由整个网络来认。训练批次是谁来认的？',
      },
      {
        en: '`const half = await train({ keepProbability: 0.5, maxSteps: 1000 });` Then look at `half.accuracy`.',
        zh: '`const half = await train({ keepProbability: 0.5, maxSteps: 1000 });` 然后看 `half.accuracy`。',
      },
    ],
  },

  'tensorboard-gradients': {
    title: { en: 'Gradients', zh: '梯度（gradient）' },
    effects: ['watched', 'larger'],
    checks: [
      {
        holds: ({ watched }) => !!watched && gradientHistograms(watched.graph).length >= 4,
        right: ({ watched }) => ({
          en: `The graph has a histogram for each of ${watched && gradientHistograms(watched.graph).length} gradients.`,
          zh: `图里有 ${watched && gradientHistograms(watched.graph).length} 个梯度的直方图。`,
        }),
        missing: ({ watched }) => ({
          en: `The graph has histograms of ${watched ? gradientHistograms(watched.graph).length : 0} gradients, and four variables that are trained. Between \`computeGradients\` and \`applyGradients\`, give each gradient one.`,
          zh: `图里有 ${watched ? gradientHistograms(watched.graph).length : 0} 个梯度的直方图，而要训练的变量有四个。请在 \`computeGradients\` 和 \`applyGradients\` 之间给每个梯度加一个。`,
        }),
      },
      {
        holds: ({ watched }) =>
          lastLoss(watched?.losses.slice(-20) ?? []) < 1.5 && (watched?.losses.length ?? 0) >= 100,
        right: ({ watched }) => ({
          en: `It still learns: the loss has come to ${lastLoss(watched?.losses.slice(-20) ?? []).toFixed(2)}.`,
          zh: `它照样在学习：损失降到了 ${lastLoss(watched?.losses.slice(-20) ?? []).toFixed(2)}。`,
        }),
        missing: ({ watched }) => ({
          en: `After ${watched?.losses.length} steps the loss is ${lastLoss(watched?.losses.slice(-20) ?? []).toFixed(2)}. Train for 100 steps or more; and is what \`applyGradients\` gives returned?`,
          zh: `${watched?.losses.length} 步之后损失是 ${lastLoss(watched?.losses.slice(-20) ?? []).toFixed(2)}。请训练 100 步以上；另外，\`applyGradients\` 的结果返回了吗？`,
        }),
      },
      {
        holds: ({ watched }) =>
          ['hidden', 'output'].every((layer) => !Number.isNaN(gradientSize(watched?.histograms, layer))),
        right: { en: 'Their tags say whose gradients they are.', zh: '标签（tag）说明了它们是谁的梯度。' },
        missing: {
          en: "Which histogram is whose? Let each tag be the variable's name and then `/gradient`: `variable.op.name + '/gradient'`.",
          zh: "哪个直方图是谁的？请让每个标签（tag）是变量的名字加上 `/gradient`：`variable.op.name + '/gradient'`。",
        },
      },
      {
        holds: ({ watched, larger }) =>
          larger ===
          (gradientSize(watched?.histograms, 'hidden') > gradientSize(watched?.histograms, 'output')
            ? 'hidden'
            : 'output'),
        right: ({ watched }) => ({
          en: `Those of the weights of \`output\` are about ${gradientSize(watched?.histograms, 'output').toFixed(4)}, those of \`hidden\` ${gradientSize(watched?.histograms, 'hidden').toFixed(4)}.`,
          zh: `\`output\` 的权重的梯度大约是 ${gradientSize(watched?.histograms, 'output').toFixed(4)}，\`hidden\` 的是 ${gradientSize(watched?.histograms, 'hidden').toFixed(4)}。`,
        }),
        missing: ({ larger }) => ({
          en: `\`larger\` is ${larger}. Draw both histograms, and compare how far they spread: their axes have scales of their own.`,
          zh: `\`larger\` 现在是 ${larger}。请画出两个直方图，比较它们有多宽：两个图的坐标轴刻度不同。`,
        }),
      },
    ],
    hints: [
      {
        en: '`const gradients = optimizer.computeGradients(loss);` gives pairs, and `optimizer.applyGradients(gradients)` takes them.',
        zh: '`const gradients = optimizer.computeGradients(loss);` 给出一对一对的结果，`optimizer.applyGradients(gradients)` 接受它们。',
      },
      {
        en: 'For each pair: `if (gradient) tf.summary.histogram(`, then the tag and the gradient.',
        zh: '对每一对：`if (gradient) tf.summary.histogram(`，然后是标签和梯度。',
      },
    ],
  },

  'tensorboard-time': {
    title: { en: 'Where the time goes', zh: '时间花在哪里' },
    effects: ['small', 'large', 'grows', 'stays'],
    checks: [
      {
        holds: ({ small, large }) => small?.batchSize === 100 && large?.batchSize === 1000,
        right: {
          en: 'You have a step of 100 images and one of 1,000.',
          zh: '你有 100 张图像的一步，也有 1,000 张的一步。',
        },
        missing: {
          en: 'Train twice, for 20 steps: `small` with `batchSize: 100`, `large` with `batchSize: 1000`. The last step of each is traced.',
          zh: '训练两次，各 20 步：`small` 用 `batchSize: 100`，`large` 用 `batchSize: 1000`。每次的最后一步都有跟踪（trace）。',
        },
      },
      {
        holds: (effects) => growth(effects, effects.grows) >= MUCH,
        right: (effects) => ({
          en: `\`${effects.grows}\` takes ${grown(effects, effects.grows)} times as long with ten times the images.`,
          zh: `图像多 10 倍，\`${effects.grows}\` 用的时间是 ${grown(effects, effects.grows)} 倍。`,
        }),
        missing: (effects) => ({
          en: timeOf(effects.small, effects.grows)
            ? `\`${effects.grows}\` takes ${grown(effects, effects.grows)} times as long. Look for what works on every image.`
            : `\`grows\` is '${effects.grows}', and no operation of the step with 100 images is of that type.`,
          zh: timeOf(effects.small, effects.grows)
            ? `\`${effects.grows}\` 用的时间是 ${grown(effects, effects.grows)} 倍。请找对每张图像都要做的操作。`
            : `\`grows\` 现在是 '${effects.grows}'，但 100 张图像的那一步里没有这个类型的操作。`,
        }),
      },
      {
        holds: (effects) => growth(effects, effects.stays) < growth(effects, effects.grows) / 2,
        right: (effects) => ({
          en: `\`${effects.stays}\` takes ${grown(effects, effects.stays)} times as long: what it works on doesn't depend on the batch.`,
          zh: `\`${effects.stays}\` 用的时间是 ${grown(effects, effects.stays)} 倍：它处理的东西与批（batch）的大小无关。`,
        }),
        missing: (effects) => ({
          en: timeOf(effects.small, effects.stays)
            ? `\`${effects.stays}\` takes ${grown(effects, effects.stays)} times as long, too. Look for what works on weights, and not on images.`
            : `\`stays\` is '${effects.stays}', and no operation of the step with 100 images is of that type.`,
          zh: timeOf(effects.small, effects.stays)
            ? `\`${effects.stays}\` 用的时间也是 ${grown(effects, effects.stays)} 倍。请找处理权重而不处理图像的操作。`
            : `\`stays\` 现在是 '${effects.stays}'，但 100 张图像的那一步里没有这个类型的操作。`,
        }),
      },
    ],
    hints: [
      {
        en: 'Printed, a timeline is a table: `console.log(String(plot.timeline(small.trace)))`. Compare its column of times with that of `large`.',
        zh: '打印出来，时间线就是一张表：`console.log(String(plot.timeline(small.trace)))`。把它的时间那一列和 `large` 的比较。',
      },
      {
        en: 'Matrices are multiplied for every image. Adam changes every weight once a step, however many images there were.',
        zh: '每张图像都要做矩阵乘法。而不管有多少图像，Adam 每一步只把每个权重改一次。',
      },
    ],
  },

  'tensorboard-listen': {
    title: { en: 'Listen', zh: '听一听' },
    effects: ['trainLosses', 'validationLosses', 'melody', 'trembles'],
    checks: [
      {
        holds: ({ trainLosses, validationLosses }) =>
          trainLosses.length >= 20 && trainLosses.join() !== validationLosses.join(),
        right: ({ trainLosses }) => ({
          en: `There are ${trainLosses.length} losses of training batches.`,
          zh: `训练批次的损失有 ${trainLosses.length} 个。`,
        }),
        missing: ({ trainLosses }) => ({
          en: `${trainLosses.length >= 20 ? 'These are the losses of the validation set. ' : ''}Read the training run's losses: they lie in the folder \`train\`, beside \`validation\`, under the same tag.`,
          zh: `${trainLosses.length >= 20 ? '这些是验证集的损失。' : ''}请读出训练的损失：它们在 \`validation\` 旁边的文件夹 \`train\` 里，标签（tag）相同。`,
        }),
      },
      {
        holds: ({ trainLosses, melody }) =>
          melody.length >= 50 * trainLosses.length &&
          correlation(pitches(melody, trainLosses.length), trainLosses) > 0.8,
        right: ({ melody }) => ({
          en: `The melody follows them, note by note, in ${melody.length} samples.`,
          zh: `旋律一个音一个音地跟着它们走，共 ${melody.length} 个采样。`,
        }),
        missing: {
          en: "`melody` doesn't follow the training losses yet: it is to have a note for each of them, the higher the larger it is.",
          zh: '`melody` 还没有跟着训练的损失走：每个损失一个音，损失越大，音越高。',
        },
      },
      {
        holds: ({ trainLosses, validationLosses, trembles }) =>
          trembles === higher(roughness(trainLosses), roughness(validationLosses)),
        right: ({ trainLosses, validationLosses }) => ({
          en: `From note to note the training loss jumps by ${roughness(trainLosses).toFixed(3)}, that of the validation set by ${roughness(validationLosses).toFixed(3)}.`,
          zh: `相邻的两个音之间，训练损失平均跳 ${roughness(trainLosses).toFixed(3)}，验证集的跳 ${roughness(validationLosses).toFixed(3)}。`,
        }),
        missing: ({ trembles }) => ({
          en: `\`trembles\` is ${trembles}. Listen to both, or draw both as curves.`,
          zh: `\`trembles\` 现在是 ${trembles}。请两个都听一听，或者都画成曲线。`,
        }),
      },
    ],
    hints: [
      {
        en: 'The lesson reads the folder `validation` in `logdir`. What the training wrote lies in `train` beside it.',
        zh: '课文读的是 `logdir` 里的文件夹 `validation`。训练写下的在它旁边的 `train` 里。',
      },
      { en: '`const melody = melodyOf(trainLosses);`', zh: '`const melody = melodyOf(trainLosses);`' },
    ],
  },

  'tensorboard-projector': {
    title: { en: 'Projector', zh: '投影（Projector）' },
    effects: ['vectors', 'labels', 'stranger'],
    checks: [
      {
        holds: ({ labels, stranger = -1 }) => stranger in labels,
        right: ({ labels, stranger = -1 }) => ({
          en: `Example ${stranger} is a ${labels[stranger]}.`,
          zh: `第 ${stranger} 个样例是数字 ${labels[stranger]}。`,
        }),
        missing: ({ labels }) => ({
          en: `\`stranger\` is the number of one of the ${labels.length} examples: the Projector shows it as *example* when you click on a point.`,
          zh: `\`stranger\` 是 ${labels.length} 个样例之一的编号：在 Projector 里点一个点，它显示为 *example*。`,
        }),
      },
      {
        holds: (effects) => strangers(effects).length > NEIGHBOURS / 2,
        right: (effects) => ({
          en: `Of its ${NEIGHBOURS} nearest neighbours ${strangers(effects).length} are other digits: ${strangers(
            effects,
          )
            .map((row) => effects.labels[row])
            .join(', ')}.`,
          zh: `离它最近的 ${NEIGHBOURS} 个邻居里有 ${strangers(effects).length} 个是别的数字：${strangers(effects)
            .map((row) => effects.labels[row])
            .join('、')}。`,
        }),
        missing: (effects) => ({
          en: `Of its ${NEIGHBOURS} nearest neighbours only ${strangers(effects).length} are other digits: it is at home there. Look for a point whose colour is another than those around it.`,
          zh: `离它最近的 ${NEIGHBOURS} 个邻居里只有 ${strangers(effects).length} 个是别的数字：它就在自己人中间。请找一个颜色与周围不同的点。`,
        }),
      },
    ],
    hints: [
      {
        en: 'Between the clouds of 4 and 9, and of 3, 5 and 8, there are several. What you see in two or three dimensions may be far apart in 128: click on a point, and the Projector lists its true neighbours.',
        zh: '在 4 和 9 之间、3、5 和 8 之间就有几个。二维或三维里看着近的，在 128 维里可能很远：点一个点，Projector 会列出它真正的邻居。',
      },
      {
        en: 'Or without TensorBoard: of each row of `vectors`, find the row with the least sum of squared differences, and print those whose label is another.',
        zh: '不用 TensorBoard 也行：对 `vectors` 的每一行，找出差的平方和最小的另一行，打印标签不同的那些。',
      },
    ],
  },
};
