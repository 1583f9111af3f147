/** The exercises of "More than one machine". */
import type { Graph, Operation } from '../tf';
import { meanOf } from './curves';
import type { ExercisesOf, OneOf } from './definition';

/** A simulation of workers that don't wait for each other. */
interface StaleTraining {
  /** The age of a gradient in steps when it is applied. */
  readonly staleness: number;
  readonly learningRate: number;
  /** The loss of each step's batch. */
  readonly losses: readonly number[];
}

/** Steps per second, as measured by the notebook's `ratesOf`. */
interface Rates {
  /** The number of images per step. */
  readonly batchSize: number;
  /** One worker alone. */
  readonly one: number;
  /** Two workers at once, in total. */
  readonly two: number;
}

/** Two synchronous workers. */
interface InStep {
  readonly graph: Graph;
  /** The number of steps applied to the variables. */
  readonly steps: number;
  readonly seconds: number;
  /** The total seconds that worker 1 has waited; on a busy machine, steps are slow for other reasons too. */
  readonly waited: number;
}

/** The effects that the checks see. */
export interface MoreThanOneMachineEffects {
  '501-two-servers': {
    /** A worker's graph for two parameter servers. */
    inTurn: Graph | undefined;
    /** The size in bytes of its trainable variables on `/job:ps/task:0` and on `/job:ps/task:1`. */
    bytes: readonly number[];
    /** Such a graph whose variables are placed by size. */
    balanced: Graph | undefined;
  };
  '502-larger-batch': {
    /** Steps per second with batches of 100. */
    small: Rates | undefined;
    /** Steps per second with batches of 1,000. */
    large: Rates | undefined;
    /** The batches with which two workers gain more over one. */
    pays: OneOf<'small' | 'large'> | undefined;
  };
  '503-slowest': {
    /** Two workers, one of which waits 50 ms before each step, where both gradients are required. */
    both: InStep | undefined;
    /** The same where one gradient is enough. */
    first: InStep | undefined;
    /** The factor by which steps per second increase if one is enough. */
    timesFaster: number | undefined;
  };
  '504-staler': {
    /** Training runs with staleness 0 and with another one, with the same learning rates. */
    trainings: readonly StaleTraining[];
    /** The smallest rate that works with fresh gradients and fails with stale ones. */
    breaksAt: number | undefined;
  };
  '505-no-checkpoint': {
    /** The global step after each step of the loop. */
    steps: readonly number[];
    /** The loss of each step of the loop. */
    losses: readonly number[];
    /** The first global step after the server was lost. */
    goesOnAt: number | undefined;
  };
  '506-convolutional': {
    /** A worker's graph of the convolutional network. */
    graph: Graph | undefined;
    /** Bytes transferred per step: every trainable variable, and its gradient. */
    bytes: number | undefined;
    /** Steps per second. */
    rates: Rates | undefined;
    /** Whether two workers take at least a fifth more steps per second than one on this machine. */
    worthIt: boolean | undefined;
  };
}

const isVariable = ({ type }: Operation): boolean => /^(Variable(V2)?|VarHandleOp)$/.test(type);
const bytesOf = (op: Operation): number =>
  4 * (op.outputs[0]?.shape ?? []).reduce<number>((product, size) => product * (size ?? 1), 1);
/** Variables changed by training; not the step counter. */
const parametersOf = (graph: Graph): Operation[] =>
  graph.operations.filter((op) => isVariable(op) && op.outputs[0]?.dtype === 'float32');
const serverOf = ({ device }: Operation): string => /\/job:ps(?:\/replica:0)?\/task:\d+/.exec(device)?.[0] ?? device;
const serversOf = (graph: Graph): string[] => [...new Set(parametersOf(graph).map(serverOf))].sort();
const bytesByServer = (graph: Graph): number[] =>
  ['/job:ps/task:0', '/job:ps/task:1'].map((server) =>
    parametersOf(graph)
      .filter((op) => serverOf(op) === server)
      .reduce((sum, op) => sum + bytesOf(op), 0),
  );
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const text = (number: number): string => number.toLocaleString('en');
const areRates = (rates: Rates | undefined): rates is Rates =>
  rates !== undefined && [rates.one, rates.two].every((rate) => Number.isFinite(rate) && rate > 0);
const gain = ({ one, two }: Rates): number => two / one;

/** The numbers of gradients required for a step. */
const gradientsOf = (graph: Graph): number[] => {
  const taken = graph.operations.filter(({ type }) => /AccumulatorTakeGradient$/.test(type));
  return [...new Set(taken.map(({ inputs }) => numberOf(inputs[1]?.op)))];
};
/** The value of a scalar constant. */
function numberOf(op: Operation | undefined): number {
  if (op?.type !== 'Const') return Number.NaN;
  const value = op.getAttribute('value') as { data?: ArrayLike<number | bigint> } | number;
  return typeof value === 'number' ? value : Number(value.data?.[0]);
}
const speed = ({ steps, seconds }: InStep): number => steps / seconds;
/** Whether worker 1 has waited before many of the steps. */
const isSlow = ({ steps, waited }: InStep): boolean => waited >= 0.01 * steps;

/**
 * Slightly more than half of the loss of a network that outputs 1/10 for every digit: above it, nothing was learned.
 */
const UNLEARNED = 1.5;
const endOf = ({ losses }: StaleTraining): number => meanOf(losses.slice(-20));
const fails = (training: StaleTraining): boolean => !(endOf(training) < UNLEARNED);
/**
 * Whether nothing was applied before the first gradient reached its age: until then, the rate doesn't matter, and runs
 * with the same weights and batches have the same losses.
 */
const isLate = ({ staleness, losses }: StaleTraining, trainings: readonly StaleTraining[]): boolean => {
  const others = trainings.filter((training) => training.staleness === staleness);
  return (
    losses.length > 2 * staleness &&
    others.every((other) =>
      losses.slice(0, staleness + 1).every((loss, i) => Math.abs(loss - (other.losses[i] ?? Number.NaN)) < 1e-3),
    )
  );
};
const ratesOf = (trainings: readonly StaleTraining[], isFresh: boolean): number[] =>
  trainings.filter(({ staleness }) => (staleness === 0) === isFresh).map(({ learningRate }) => learningRate);
const areMatched = (trainings: readonly StaleTraining[]): boolean => {
  const [fresh, stale] = [ratesOf(trainings, true), ratesOf(trainings, false)];
  return (
    new Set(fresh).size >= 3 && new Set(stale).size === new Set(fresh).size && stale.every((r) => fresh.includes(r))
  );
};
/** The rates that work with fresh gradients and fail with stale ones. */
const broken = (trainings: readonly StaleTraining[]): number[] =>
  trainings
    .filter((fresh) => fresh.staleness === 0 && !fails(fresh))
    .filter((fresh) => trainings.some((stale) => stale.staleness > 0 && isBroken(stale, fresh)))
    .map(({ learningRate }) => learningRate)
    .sort((a, b) => a - b);
/** A run that only lags behind by the age of its gradients has nearly the loss of the other one. */
const isBroken = (stale: StaleTraining, fresh: StaleTraining): boolean =>
  stale.learningRate === fresh.learningRate && fails(stale) && !(endOf(stale) < endOf(fresh) + LATE);
const LATE = 0.4;
/** The number of steps after which a small rate shows whether it learns. */
const ENOUGH = 250;
const shortest = (trainings: readonly StaleTraining[]): number =>
  Math.min(...trainings.map(({ losses }) => losses.length));

/** The index at which the global step drops. */
const fallOf = (steps: readonly number[]): number => steps.findIndex((step, i) => i > 0 && step < steps[i - 1]! / 2);

export const moreThanOneMachine: ExercisesOf<MoreThanOneMachineEffects> = {
  '501-two-servers': {
    title: { en: 'Two parameter servers', zh: '两个参数服务器' },
    effects: ['inTurn', 'bytes', 'balanced'],
    checks: [
      {
        holds: ({ inTurn }) => inTurn !== undefined && serversOf(inTurn).join() === '/job:ps/task:0,/job:ps/task:1',
        right: ({ inTurn }) => ({
          en: `The ${parametersOf(inTurn!).length} variables are on two servers.`,
          zh: `${parametersOf(inTurn!).length} 个变量分布在两个服务器上。`,
        }),
        missing: ({ inTurn }) =>
          inTurn
            ? {
                en: `In \`inTurn\` the variables are on ${serversOf(inTurn).join(', ')}: there should be two parameter servers.`,
                zh: `在 \`inTurn\` 里，变量在 ${serversOf(inTurn).join('、')} 上：应该有两个参数服务器。`,
              }
            : {
                en: 'Build a worker’s graph for `twoServers`, and put the graph into `inTurn`.',
                zh: '为 `twoServers` 构造一个 worker 的图，放进 `inTurn`。',
              },
      },
      {
        holds: ({ inTurn, bytes }) => bytes.join() === bytesByServer(inTurn!).join(),
        right: ({ bytes }) => ({
          en: `In turn means ${text(bytes[0]!)} bytes here and ${text(bytes[1]!)} there: the same number of variables, but not of bytes.`,
          zh: `轮流放的话，一边是 ${text(bytes[0]!)} 字节，另一边是 ${text(bytes[1]!)} 字节：变量个数一样，字节数却不一样。`,
        }),
        missing: ({ inTurn, bytes }) => ({
          en: `\`bytesOn\` is [${bytes.join(', ')}]: it should have the bytes of \`inTurn\`’s trainable variables on task 0 and on task 1, ${text(sum(bytesByServer(inTurn!)))} together.`,
          zh: `\`bytesOn\` 现在是 [${bytes.join(', ')}]：它应该是 \`inTurn\` 的可训练变量在 task 0 和 task 1 上的字节数，一共 ${text(sum(bytesByServer(inTurn!)))}。`,
        }),
      },
      {
        holds: ({ inTurn, balanced }) => {
          if (balanced === undefined || serversOf(balanced).length !== 2) return false;
          const difference = (graph: Graph) => Math.abs(bytesByServer(graph)[0]! - bytesByServer(graph)[1]!);
          return (
            sum(bytesByServer(balanced)) === sum(bytesByServer(inTurn!)) &&
            parametersOf(balanced).some((op, i) => serverOf(op) !== serverOf(parametersOf(inTurn!)[i]!)) &&
            difference(balanced) <= difference(inTurn!)
          );
        },
        right: ({ balanced }) => ({
          en: `Placed by their bytes: ${bytesByServer(balanced!).map(text).join(' and ')}. It can't be fairer, for one matrix has nearly all of them.`,
          zh: `按字节数放：${bytesByServer(balanced!).map(text).join(' 和 ')}。不可能更均匀了，因为几乎所有字节都在一个矩阵里。`,
        }),
        missing: {
          en: 'Build the graph once more with `psStrategy`, a `tf.train.GreedyLoadBalancingStrategy` for two servers that goes by bytes, into `balanced`.',
          zh: '再构造一次图，`psStrategy` 用按字节数、为两个服务器的 `tf.train.GreedyLoadBalancingStrategy`，放进 `balanced`。',
        },
      },
    ],
    hints: [
      {
        en: '`build(0, { cluster: twoServers }).graph`. No server has to run for that: a graph only has names of devices.',
        zh: '`build(0, { cluster: twoServers }).graph`。不需要有服务器在运行：图里只有设备的名字。',
      },
      {
        en: 'A variable says where it is: `variable.op.device`. Its bytes are four times the product of its shape.',
        zh: '变量知道自己在哪里：`variable.op.device`。它的字节数是形状各维的乘积的四倍。',
      },
      {
        en: '`psStrategy: new tf.train.GreedyLoadBalancingStrategy(2, tf.train.byteSizeLoadFn)`',
        zh: '`psStrategy: new tf.train.GreedyLoadBalancingStrategy(2, tf.train.byteSizeLoadFn)`',
      },
    ],
  },
  '502-larger-batch': {
    title: { en: 'A larger batch', zh: '更大的批' },
    effects: ['small', 'large', 'pays'],
    checks: [
      {
        holds: ({ small, large }) =>
          areRates(small) && areRates(large) && small.batchSize === 100 && large.batchSize === 1000,
        right: ({ small, large }) => ({
          en: `Batches of 100: ${small!.one.toFixed(0)} steps a second by one worker, ${small!.two.toFixed(0)} by two. Batches of 1,000: ${large!.one.toFixed(0)} and ${large!.two.toFixed(0)}. Ten times the images cost ${(small!.one / large!.one).toFixed(1)} times the time.`,
          zh: `每批 100 个：一个 worker 每秒 ${small!.one.toFixed(0)} 步，两个 ${small!.two.toFixed(0)} 步。每批 1000 个：${large!.one.toFixed(0)} 步和 ${large!.two.toFixed(0)} 步。十倍的图像，用了 ${(small!.one / large!.one).toFixed(1)} 倍的时间。`,
        }),
        missing: {
          en: 'Measure with `ratesOf` by batches of 100 and of 1,000, and put what it gives into `small` and `large`.',
          zh: '用 `ratesOf` 测量每批 100 个和每批 1000 个的情况，把结果放进 `small` 和 `large`。',
        },
      },
      {
        holds: ({ small, large, pays }) => pays === (gain(large!) > gain(small!) ? 'large' : 'small'),
        right: ({ small, large }) => ({
          en: `The second worker brings ${gain(small!).toFixed(2)} times the steps with small batches, and ${gain(large!).toFixed(2)} times with large ones.`,
          zh: `第二个 worker 使步数变成：小批时 ${gain(small!).toFixed(2)} 倍，大批时 ${gain(large!).toFixed(2)} 倍。`,
        }),
        missing: ({ small, large, pays }) => ({
          en: `\`pays\` is ${pays}; two workers compared with one are ${gain(small!).toFixed(2)} by small batches, and ${gain(large!).toFixed(2)} by large ones.`,
          zh: `\`pays\` 现在是 ${pays}；两个 worker 和一个相比，小批时是 ${gain(small!).toFixed(2)} 倍，大批时是 ${gain(large!).toFixed(2)} 倍。`,
        }),
      },
    ],
    hints: [
      {
        en: '`small = await ratesOf(100);` and `large = await ratesOf(1000);`: it starts a cluster, measures one worker and then two, and ends it.',
        zh: '`small = await ratesOf(100);`，`large = await ratesOf(1000);`：它启动一个集群，先测一个 worker，再测两个，然后结束。',
      },
      {
        en: "`pays = large.two / large.one > small.two / small.one ? 'large' : 'small';`",
        zh: "`pays = large.two / large.one > small.two / small.one ? 'large' : 'small';`",
      },
    ],
  },
  '503-slowest': {
    title: { en: 'The slowest decides', zh: '最慢的说了算' },
    effects: ['both', 'first', 'timesFaster'],
    checks: [
      {
        holds: ({ both }) => both !== undefined && gradientsOf(both.graph).join() === '2' && both.steps >= 20,
        right: {
          en: 'In `waitingForBoth`, a step needs the gradients of both workers.',
          zh: '在 `waitingForBoth` 里，每一步都要两个 worker 的梯度。',
        },
        missing: {
          en: 'Train two workers in step for 20 steps or more, where worker 1 waits for 50 ms, and put what `inStepWith(2)` gives into `waitingForBoth`.',
          zh: '让两个 worker 同步训练 20 步以上，worker 1 每步等 50 毫秒，把 `inStepWith(2)` 的结果放进 `waitingForBoth`。',
        },
      },
      {
        holds: ({ both }) => isSlow(both!),
        right: ({ both }) => ({
          en: `So it takes ${(1000 / speed(both!)).toFixed(0)} ms: the other one waits, too.`,
          zh: `所以每步要 ${(1000 / speed(both!)).toFixed(0)} 毫秒：另一个也得等。`,
        }),
        missing: ({ both }) => ({
          en: `In \`waitingForBoth\` worker 1 has waited for ${text(both!.waited)} s in ${both!.steps} steps: give its \`workInStep\` \`wait: 50\`.`,
          zh: `在 \`waitingForBoth\` 的 ${both!.steps} 步里，worker 1 一共只等了 ${text(both!.waited)} 秒：给它的 \`workInStep\` 写上 \`wait: 50\`。`,
        }),
      },
      {
        holds: ({ both, first }) =>
          first !== undefined &&
          gradientsOf(first.graph).join() === '1' &&
          first.steps >= 20 &&
          speed(first) > speed(both!),
        right: ({ first }) => ({
          en: `Where one gradient is enough, a step takes ${(1000 / speed(first!)).toFixed(0)} ms.`,
          zh: `只要一个梯度就够时，每步是 ${(1000 / speed(first!)).toFixed(0)} 毫秒。`,
        }),
        missing: ({ first }) =>
          first && gradientsOf(first.graph).join() === '1'
            ? {
                en: `\`waitingForOne\` takes ${(1000 / speed(first)).toFixed(0)} ms for a step, no less than \`waitingForBoth\`: count the steps that were applied (the last global step), with the same seconds.`,
                zh: `\`waitingForOne\` 每步 ${(1000 / speed(first)).toFixed(0)} 毫秒，并不比 \`waitingForBoth\` 短：请用应用了的步数（最后的 global step）和同一段时间来算。`,
              }
            : {
                en: 'Do the same with an optimizer that waits for one gradient (`together(lr, 1)`): what `inStepWith(1)` gives, into `waitingForOne`.',
                zh: '用只等一个梯度的优化器（`together(lr, 1)`）再做一次：把 `inStepWith(1)` 的结果放进 `waitingForOne`。',
              },
      },
      {
        holds: ({ both, first, timesFaster }) =>
          timesFaster !== undefined &&
          Math.abs(timesFaster - speed(first!) / speed(both!)) <= 0.05 * (speed(first!) / speed(both!)),
        right: ({ timesFaster }) => ({
          en: `That is ${timesFaster!.toFixed(1)} times as many steps a second.`,
          zh: `每秒的步数是原来的 ${timesFaster!.toFixed(1)} 倍。`,
        }),
        missing: ({ both, first, timesFaster }) => ({
          en: `\`timesFaster\` is ${timesFaster}: there are ${speed(first!).toFixed(1)} steps a second with one gradient, and ${speed(both!).toFixed(1)} with both.`,
          zh: `\`timesFaster\` 现在是 ${timesFaster}：一个梯度时每秒 ${speed(first!).toFixed(1)} 步，两个时每秒 ${speed(both!).toFixed(1)} 步。`,
        }),
      },
    ],
    hints: [
      {
        en: 'First finish the function, with `wait: 50` for worker 1. Then `waitingForBoth = await inStepWith(2);` and `waitingForOne = await inStepWith(1);`, below it.',
        zh: '先写完这个函数，worker 1 要 `wait: 50`。然后在它下面写 `waitingForBoth = await inStepWith(2);` 和 `waitingForOne = await inStepWith(1);`。',
      },
      {
        en: '`workInStep(1, 40, { net: second, on: mine, wait: 50 })`; a speed is `steps / seconds`, and `timesFaster` that of `waitingForOne` divided by that of `waitingForBoth`.',
        zh: '`workInStep(1, 40, { net: second, on: mine, wait: 50 })`；速度是 `steps / seconds`，`timesFaster` 是 `waitingForOne` 的速度除以 `waitingForBoth` 的。',
      },
    ],
  },
  '504-staler': {
    title: { en: 'Staler', zh: '更陈旧的梯度' },
    effects: ['trainings', 'breaksAt'],
    checks: [
      {
        holds: ({ trainings }) => areMatched(trainings),
        right: ({ trainings }) => ({
          en: `You have trained with the rates ${[...new Set(ratesOf(trainings, true))].join(', ')}, by fresh gradients and by stale ones.`,
          zh: `你用学习率 ${[...new Set(ratesOf(trainings, true))].join('、')} 训练过，用新鲜的梯度，也用陈旧的梯度。`,
        }),
        missing: ({ trainings }) => ({
          en: `Train with three rates or more, each with staleness 0 and with another one; now there are ${trainings.length} trainings.`,
          zh: `至少用三个学习率，每个都用陈旧度 0 和另一个陈旧度训练；现在有 ${trainings.length} 次训练。`,
        }),
      },
      {
        holds: ({ trainings }) => trainings.every((training) => isLate(training, trainings)),
        right: { en: 'Each gradient is applied as late as it says.', zh: '每个梯度都在该应用的时候才应用。' },
        missing: ({ trainings }) => {
          const { staleness } = trainings.find((training) => !isLate(training, trainings))!;
          return {
            en: `With staleness ${staleness}, different rates have different losses within the first ${staleness + 1} steps. Until a gradient is ${staleness} steps old it is only kept, so nothing may change there, whatever the rate.`,
            zh: `陈旧度为 ${staleness} 时，不同的学习率在前 ${staleness + 1} 步里就有不同的损失。梯度还没有旧到 ${staleness} 步时只是保存着，所以不管学习率是多少，这里都不应该有变化。`,
          };
        },
      },
      {
        holds: ({ trainings }) => shortest(trainings) >= ENOUGH,
        right: ({ trainings }) => ({
          en: `Each has trained for ${shortest(trainings)} steps or more.`,
          zh: `每次都训练了 ${shortest(trainings)} 步以上。`,
        }),
        missing: ({ trainings }) => ({
          en: `One of them has trained for ${shortest(trainings)} steps only, so that a small rate looks like one that fails: take 300.`,
          zh: `其中一次只训练了 ${shortest(trainings)} 步，这样小的学习率看上去也像失败了：请训练 300 步。`,
        }),
      },
      {
        holds: ({ trainings }) => broken(trainings).length > 0,
        right: ({ trainings }) => ({
          en: `With ${broken(trainings).join(', ')} fresh gradients learn, and stale ones don't.`,
          zh: `学习率为 ${broken(trainings).join('、')} 时，新鲜的梯度能学会，陈旧的不能。`,
        }),
        missing: {
          en: 'Each of your rates works with both, or with neither. Try others: larger ones, until training fails with stale gradients only.',
          zh: '你的每个学习率，要么两种都行，要么都不行。试试别的：更大的，直到只有陈旧的梯度才失败。',
        },
      },
      {
        holds: ({ trainings, breaksAt }) => breaksAt === broken(trainings)[0],
        right: ({ breaksAt }) => ({
          en: `Of your rates ${breaksAt} is the first that breaks.`,
          zh: `在你的学习率里，${breaksAt} 是第一个不行的。`,
        }),
        missing: ({ breaksAt }) => ({
          en: `\`breaksAt\` is ${breaksAt}: which is the least rate whose stale training ends above ${UNLEARNED}, while the fresh one ends below?`,
          zh: `\`breaksAt\` 现在是 ${breaksAt}：陈旧的训练最后高于 ${UNLEARNED}、新鲜的低于它，这样的学习率里最小的是哪个？`,
        }),
      },
    ],
    hints: [
      {
        en: 'Keep the gradients in an array: push the new ones at its end, and when it has more than `staleness` of them, `shift()` the oldest and apply it.',
        zh: '把梯度放进一个数组：新的放在末尾；个数超过 `staleness` 时，用 `shift()` 取出最旧的来应用。',
      },
      {
        en: 'Before the loop: `const kept: (number | tf.HostArray<"float32">)[][] = [];`. In it `kept.push(now);` and, if `kept.length > staleness`, `const oldest = kept.shift()!;`.',
        zh: '循环之前写 `const kept: (number | tf.HostArray<"float32">)[][] = [];`。循环里写 `kept.push(now);`；如果 `kept.length > staleness`，就写 `const oldest = kept.shift()!;`。',
      },
      {
        en: 'With staleness 10, a rate of 0.03 still works; go on to 0.1 and 0.3.',
        zh: '陈旧度为 10 时，学习率 0.03 还行；再试 0.1 和 0.3。',
      },
    ],
  },
  '505-no-checkpoint': {
    title: { en: 'No checkpoint', zh: '没有检查点' },
    effects: ['steps', 'losses', 'goesOnAt'],
    checks: [
      {
        holds: ({ steps, losses }) => steps.length >= 40 && losses.length === steps.length,
        right: ({ steps }) => ({ en: `The loop took ${steps.length} steps.`, zh: `循环走了 ${steps.length} 步。` }),
        missing: ({ steps, losses }) => ({
          en: `Keep the global step and the loss after each step of the loop, for 40 steps or more; there are ${steps.length} and ${losses.length}.`,
          zh: `循环每走一步，都记下 global step 和损失，至少 40 步；现在有 ${steps.length} 个和 ${losses.length} 个。`,
        }),
      },
      {
        holds: ({ steps }) => fallOf(steps) > 0,
        right: ({ steps }) => ({
          en: `After ${steps[fallOf(steps) - 1]} comes ${steps[fallOf(steps)]}.`,
          zh: `${steps[fallOf(steps) - 1]} 之后是 ${steps[fallOf(steps)]}。`,
        }),
        missing: {
          en: 'The global step never falls far: kill the parameter server in the middle of the loop, and start it again, without a `checkpointDir` that brings everything back.',
          zh: 'global step 一直没有变小多少：在循环中间杀掉参数服务器，再启动它；不要给 `checkpointDir`，它会把一切都找回来。',
        },
      },
      {
        holds: ({ steps, losses }) => {
          const fall = fallOf(steps);
          return steps[fall]! <= 2 && meanOf(losses.slice(fall, fall + 3)) > 1.2 * meanOf(losses.slice(fall - 3, fall));
        },
        right: { en: 'So everything that was learned is gone.', zh: '所以，学到的一切都没有了。' },
        missing: ({ steps }) => ({
          en: `It goes on at ${steps[fallOf(steps)]}, so something was restored: leave \`checkpointDir\` out.`,
          zh: `它从 ${steps[fallOf(steps)]} 继续，说明恢复了什么：请去掉 \`checkpointDir\`。`,
        }),
      },
      {
        holds: ({ steps, goesOnAt }) => goesOnAt === steps[fallOf(steps)],
        right: ({ goesOnAt }) => ({
          en: `It goes on at global step ${goesOnAt}${goesOnAt === 0 ? ', which was read before `trainOp` counted its first step' : ''}.`,
          zh: `它从 global step ${goesOnAt} 继续${goesOnAt === 0 ? '：读它的时候，`trainOp` 还没有数第一步' : ''}。`,
        }),
        missing: ({ steps, goesOnAt }) => ({
          en: `\`goesOnAt\` is ${goesOnAt}: look at what comes after ${steps[fallOf(steps) - 1]} in \`stepsTaken\`.`,
          zh: `\`goesOnAt\` 现在是 ${goesOnAt}：看看 \`stepsTaken\` 里 ${steps[fallOf(steps) - 1]} 之后是什么。`,
        }),
      },
    ],
    hints: [
      {
        en: 'The loop is that of the lesson, without `checkpointDir` and `saveCheckpointSteps`, on `mine` in the place of `cluster`.',
        zh: '循环就是课文里的那个，去掉 `checkpointDir` 和 `saveCheckpointSteps`，用 `mine` 代替 `cluster`。',
      },
      {
        en: 'Kill the server once, at step 40: `await mine.kill("ps", 0); void setTimeout(1000).then(() => mine.restart("ps", 0));`',
        zh: '在第 40 步杀掉服务器一次：`await mine.kill("ps", 0); void setTimeout(1000).then(() => mine.restart("ps", 0));`',
      },
      {
        en: '`goesOnAt = stepsTaken.find((step, i) => i > 0 && step < stepsTaken[i - 1]!);`',
        zh: '`goesOnAt = stepsTaken.find((step, i) => i > 0 && step < stepsTaken[i - 1]!);`',
      },
    ],
  },
  '506-convolutional': {
    title: { en: 'A convolutional network', zh: '卷积网络' },
    effects: ['graph', 'bytes', 'rates', 'worthIt'],
    checks: [
      {
        holds: ({ graph }) => graph?.operations.some(({ type }) => type === 'Conv2D') === true,
        right: { en: 'The graph has convolutions.', zh: '图里有卷积。' },
        missing: {
          en: 'Build a worker’s graph with another `inference`, `mnist.convnet.inference`, and put the graph into `ofConvnet`.',
          zh: '换一个 `inference`，也就是 `mnist.convnet.inference`，构造 worker 的图，放进 `ofConvnet`。',
        },
      },
      {
        holds: ({ graph, bytes }) => bytes === 2 * sum(parametersOf(graph!).map(bytesOf)),
        right: ({ bytes }) => ({
          en: `A step moves ${text(bytes!)} bytes.`,
          zh: `每一步要移动 ${text(bytes!)} 字节。`,
        }),
        missing: ({ bytes }) => ({
          en: `\`bytesMoved\` is ${bytes === undefined ? bytes : text(bytes)}: every trainable variable goes to the worker, and a gradient as large comes back.`,
          zh: `\`bytesMoved\` 现在是 ${bytes === undefined ? bytes : text(bytes)}：每个可训练的变量都要送到 worker，同样大的梯度要送回来。`,
        }),
      },
      {
        holds: ({ rates }) => areRates(rates),
        right: ({ rates }) => ({
          en: `One worker takes ${rates!.one.toFixed(1)} steps a second, two take ${rates!.two.toFixed(1)}.`,
          zh: `一个 worker 每秒 ${rates!.one.toFixed(1)} 步，两个每秒 ${rates!.two.toFixed(1)} 步。`,
        }),
        missing: {
          en: 'Measure the steps a second of one worker and of two by `ratesOf`, into `ratesOfConvnet`.',
          zh: '用 `ratesOf` 测出一个和两个 worker 每秒的步数，放进 `ratesOfConvnet`。',
        },
      },
      {
        holds: ({ rates, worthIt }) => worthIt === gain(rates!) >= 1.2,
        right: ({ rates }) => ({
          en: `Here the second worker brings ${gain(rates!).toFixed(2)} times the steps.`,
          zh: `在这里，第二个 worker 使步数变成 ${gain(rates!).toFixed(2)} 倍。`,
        }),
        missing: ({ rates, worthIt }) => ({
          en: `\`worthIt\` is ${worthIt}, and two workers take ${gain(rates!).toFixed(2)} times the steps of one.`,
          zh: `\`worthIt\` 现在是 ${worthIt}，而两个 worker 的步数是一个的 ${gain(rates!).toFixed(2)} 倍。`,
        }),
      },
    ],
    hints: [
      {
        en: '`inference: (images) => mnist.convnet.inference(images, tf.constant(1))`',
        zh: '`inference: (images) => mnist.convnet.inference(images, tf.constant(1))`',
      },
      { en: '`bytesMoved = 2 * bytesOf(ofConvnet);`', zh: '`bytesMoved = 2 * bytesOf(ofConvnet);`' },
      {
        en: '`ratesOfConvnet = await ratesOf(50, { inference, steps: 10 });` and `worthIt = ratesOfConvnet.two >= 1.2 * ratesOfConvnet.one;`',
        zh: '`ratesOfConvnet = await ratesOf(50, { inference, steps: 10 });`，然后 `worthIt = ratesOfConvnet.two >= 1.2 * ratesOfConvnet.one;`',
      },
    ],
  },
};
