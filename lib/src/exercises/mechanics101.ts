/** The exercises of "TensorFlow Mechanics 101". */
import { lastLoss, leastBy, lossBy } from './curves';
import type { ExercisesOf } from './definition';

/** A training of the notebook's network, as its function `train` gives it. */
interface Training {
  readonly learningRate: number;
  /** The loss of each step's batch. */
  readonly losses: readonly number[];
}

/** What the checks look at. */
export interface Mechanics101Effects {
  '101-learning-rate': {
    /** Trainings of as many steps each, by four rates or more. */
    trainings: readonly Training[];
    /** The rate that you would choose. */
    best: number | undefined;
    /** The rate that you would choose if you could take only 200 steps. */
    bestOf200: number | undefined;
  };
}

/** Half of what a network loses that says 1/10 of every digit: who is above it has not learned. */
const UNLEARNED = 2;
/** By how much a loss may be above the least and count for as good: two curves may end side by side. */
const AS_GOOD = 1.1;

const rates = (trainings: readonly Training[]) => [...new Set(trainings.map(({ learningRate }) => learningRate))];
const rateOf = (training: Training | undefined) => String(training?.learningRate);
const hasFailed = ({ losses }: Training) => !(lastLoss(losses) < UNLEARNED);

/** Whether the training of this rate has come as low as the lowest by this step. */
function isLowest(trainings: readonly Training[], rate: number | undefined, lossOf: (training: Training) => number) {
  const lowest = leastBy(trainings, lossOf);
  const chosen = trainings.find(({ learningRate }) => learningRate === rate);
  return !!lowest && !!chosen && lossOf(chosen) <= AS_GOOD * lossOf(lowest);
}

const atEnd = ({ losses }: Training) => lastLoss(losses);
const at200 = ({ losses }: Training) => lossBy(losses, 200, 50);

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
        holds: ({ trainings }) => trainings.some(hasFailed),
        right: ({ trainings }) => ({
          en: `With ${rateOf(trainings.find(hasFailed))} it learns nothing: every step goes too far.`,
          zh: `学习率为 ${rateOf(trainings.find(hasFailed))} 时什么也学不到：每一步都跨得太远。`,
        }),
        missing: ({ trainings }) => ({
          en: `All of yours learn, also ${Math.max(...rates(trainings))}. Find a rate with which the loss never gets below ${UNLEARNED}.`,
          zh: `你的每个学习率都能学会，连 ${Math.max(...rates(trainings))} 也行。请找一个让损失（loss）始终降不到 ${UNLEARNED} 以下的学习率。`,
        }),
      },
      {
        holds: ({ trainings, best }) => isLowest(trainings, best, atEnd),
        right: ({ best }) => ({ en: `${best} ends with the lowest loss.`, zh: `${best} 最后的损失最低。` }),
        missing: ({ best }) => ({
          en: `\`best\` is ${best}, and another of your rates ends lower. Compare the means of the last 100 losses.`,
          zh: `\`best\` 现在是 ${best}，但你的另一个学习率最后更低。请比较最后 100 步损失的平均值。`,
        }),
      },
      {
        holds: ({ trainings, bestOf200 }) => isLowest(trainings, bestOf200, at200),
        right: ({ bestOf200 }) => ({
          en: `With 200 steps only, ${bestOf200} gets furthest.`,
          zh: `如果只能走 200 步，${bestOf200} 走得最远。`,
        }),
        missing: ({ bestOf200 }) => ({
          en: `\`bestOf200\` is ${bestOf200}, and another of your curves is lower around step 200.`,
          zh: `\`bestOf200\` 现在是 ${bestOf200}，但在第 200 步附近，你的另一条曲线更低。`,
        }),
      },
    ],
    hints: [
      {
        en: 'Each rate of the list is ten times the one before. Go on upwards until nothing is learned any more.',
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
};
