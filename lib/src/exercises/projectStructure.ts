/** The exercises of "Projects, not scripts". */

import { percentText } from '../notebook/figure/units';
import type { Bilingual } from '../notebook/language';
import type { Graph, Operation } from '../tf';
import type { Check, ExercisesOf } from './definition';

/** The result of a trial of a search. */
interface Trial {
  readonly id: number;
  readonly config: unknown;
  readonly status: string;
  readonly error?: string;
  /** The steps trained. */
  readonly iteration: number;
  readonly value?: number;
}

/** A search, as returned by `hyperparameters.search`. */
interface Search {
  readonly algorithm: string;
  readonly seed: number;
  readonly maxIterations: number;
  readonly complete: boolean;
  readonly trials: readonly Trial[];
  readonly best?: Trial;
}

/** The effects that the checks see. */
export interface ProjectStructureEffects {
  '401-fairer-default': {
    /** The results of the notebook's search. */
    results: Search;
    /** An agent of your class, created without `lr`, `nbUnits` and `activation`. */
    fairer: { readonly config: object } | undefined;
    /** The three best trials, with each one's precision on the validation set after 3,000 steps. */
    longer: readonly { readonly trial: number; readonly precision: number }[];
    /** Whether the best one at first is also the best after 3,000 steps. */
    stays: boolean | undefined;
  };
  '402-random-search': {
    /** Searches with Hyperband with three seeds. */
    hyperband: readonly Search[];
    /** Random searches with the same seeds and about as many steps. */
    random: readonly Search[];
    /** The number of seeds for which Hyperband has found a better result. */
    wins: number | undefined;
  };
  '403-l2': {
    /** The graph of an agent of your class. */
    graph: Graph | undefined;
    /** A search for hyperparameters of your class. */
    results: Search | undefined;
    /** The `l2` of the best trial. */
    best: number | undefined;
  };
  '404-another-model': {
    /** The results of the notebook's search. */
    results: Search;
    /** A search for hyperparameters of `softmax_regression`. */
    simple: Search | undefined;
    /** The difference between the precision of its best trial and that of the other search. */
    behind: number | undefined;
  };
  '405-broken-trial': {
    /** A search in which some trials fail. */
    broken: Search | undefined;
    /** The number of its failed trials. */
    failed: number | undefined;
    /** The error of one of them, as the search reports it. */
    why: string | undefined;
  };
  '406-in-a-file': {
    /** The configuration of your run in the project, from its `config.json`. */
    config: object | undefined;
    /** The variables of its checkpoint and their shapes, from `tf.train.listVariables`. */
    variables: readonly (readonly [name: string, shape: readonly number[]])[];
    /** A search for its hyperparameters in the project. */
    results: Search | undefined;
  };
}

const valuesOf = (config: unknown): Readonly<Record<string, unknown>> =>
  typeof config === 'object' && config !== null ? { ...config } : {};
/** The difference between the best results of two searches, as a fraction; readers may have given percentage points. */
const distance = (results: Search, other: Search): number => results.best!.value! - other.best!.value!;
const SHARE_OR_POINTS = [1, 100];
const farFrom = (behind: number, results: Search, other: Search, unit: number): number =>
  Math.abs(distance(results, other) - behind / unit);
const percent = (share: number | undefined) => percentText(share ?? Number.NaN);

/** The defaults of an agent class's keys, without what the agent was created with. */
function defaultsOf(agent: object): object {
  const { keys = {} } = agent.constructor as { keys?: Readonly<Record<string, { default?: unknown }>> };
  return Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, key.default]));
}

const SEARCHED = ['lr', 'nbUnits', 'activation'];
/** Whether they are equal, up to the rounding of `textOf`. */
const isLike = (config: unknown, other: unknown): boolean => textOf(config) === textOf(other);
const textOf = (config: unknown): string =>
  SEARCHED.map((key) => {
    const value = valuesOf(config)[key];
    return `${key} ${typeof value === 'number' ? Number(value.toPrecision(3)) : value}`;
  }).join(', ');

/** The trials with the best values, best first. */
const bestTrials = ({ trials }: Search, count: number): Trial[] =>
  trials
    .filter(({ status, value }) => status === 'finished' && value !== undefined)
    .sort((one, other) => other.value! - one.value!)
    .slice(0, count);

/** The first of several trials that are no better after supposedly thousands of steps; a single one may get worse. */
function tooShort({ results, longer }: ProjectStructureEffects['401-fairer-default']): Trial | undefined {
  const short = bestTrials(results, 3).filter(({ id, value }) =>
    longer.some((one) => one.trial === id && one.precision <= value!),
  );
  return short.length > 1 ? short[0] : undefined;
}

const stepsOf = ({ trials }: Search): number => trials.reduce((sum, { iteration }) => sum + iteration, 0);
const seedsOf = (searches: readonly Search[]): number[] => [...new Set(searches.map(({ seed }) => seed))].sort();
/** Whether these are complete searches with an algorithm and at least three seeds. */
const areOf = (searches: readonly Search[], algorithm: string): boolean =>
  seedsOf(searches).length >= 3 && searches.every((search) => search.complete && search.algorithm === algorithm);

/** Whether a random search has taken about as many steps as the Hyperband search with its seed, up to one trial. */
const isMatched = (random: Search, hyperband: readonly Search[]): boolean => {
  const other = hyperband.find(({ seed }) => seed === random.seed);
  return other !== undefined && Math.abs(stepsOf(random) - stepsOf(other)) <= other.maxIterations;
};
const winsOf = ({ hyperband, random }: ProjectStructureEffects['402-random-search']): number =>
  random.filter(({ seed, best }) => {
    const other = hyperband.find((search) => search.seed === seed);
    return (other?.best?.value ?? 0) > (best?.value ?? 0);
  }).length;

/** Everything from which an operation is computed. */
function sourcesOf(op: Operation): Set<Operation> {
  const seen = new Set<Operation>();
  const names = new Set<string>();
  const visit = (one: Operation) => {
    if (names.has(one.name)) return;
    names.add(one.name);
    seen.add(one);
    for (const { op } of one.inputs) visit(op);
  };
  visit(op);
  return seen;
}

const penalties = (graph: Graph): Operation[] => graph.operations.filter(({ type }) => type === 'L2Loss');
const isMatrix = ({ inputs: [input] }: Operation): boolean => input?.shape?.length === 2;
/** Whether the summary of the loss includes the penalties. */
const isInLoss = (graph: Graph): boolean =>
  graph.operations.some(
    (op) => op.type === 'ScalarSummary' && [...sourcesOf(op)].filter(({ type }) => type === 'L2Loss').length >= 2,
  );

const isSearched = (search: Search | undefined): search is Search =>
  search?.complete === true && search.best !== undefined;
const NOT_SEARCHED: Bilingual = { en: 'there is no complete search', zh: '还没有完成的搜索' };

const matricesOf = (variables: ProjectStructureEffects['406-in-a-file']['variables']): (readonly number[])[] =>
  variables.flatMap(([, shape]) => (shape.length === 2 ? [shape] : []));
/** Whether three matrices lead from four measurements through two layers to three species. */
const isChain = ([first, second, third]: readonly (readonly number[])[]): boolean =>
  first?.[0] === 4 && second?.[0] === first[1] && third?.[0] === second?.[1] && third?.[1] === 3;
const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];
const hasTwoHidden = (matrices: readonly (readonly number[])[]): boolean =>
  matrices.length === 3 && ORDERS.some((order) => isChain(order.map((i) => matrices[i]!)));
const matricesText = (matrices: readonly (readonly number[])[]): string =>
  matrices.map((shape) => shape.join('×')).join(', ');

const nameOf = (config: unknown): string => String(valuesOf(config).modelName);

const foundBefore = <E extends { results: Search }>(): Check<E> => ({
  holds: ({ results }) => isSearched(results),
  right: { en: 'The search above has found something.', zh: '上面的搜索已经有了结果。' },
  missing: { en: 'Run the search above first.', zh: '请先运行上面的搜索。' },
});

export const projectStructure: ExercisesOf<ProjectStructureEffects> = {
  '401-fairer-default': {
    title: { en: 'A fairer default', zh: '更合理的默认值' },
    effects: ['results', 'fairer', 'longer', 'stays'],
    checks: [
      {
        holds: ({ results, fairer }) => fairer !== undefined && isLike(defaultsOf(fairer), results.best?.config),
        right: ({ fairer }) => ({
          en: `By default it is now ${textOf(defaultsOf(fairer!))}.`,
          zh: `现在的默认值是 ${textOf(defaultsOf(fairer!))}。`,
        }),
        missing: ({ results, fairer }) =>
          fairer
            ? {
                en: `The defaults of the class of \`fairer\` are ${textOf(defaultsOf(fairer))}; the search has found ${textOf(results.best?.config)}.`,
                zh: `\`fairer\` 的类的默认值是 ${textOf(defaultsOf(fairer))}；搜索找到的是 ${textOf(results.best?.config)}。`,
              }
            : {
                en: 'Write a class that extends `OneHiddenLayer` and has other `keys`: those of the search’s best as defaults. Put an agent of it, made without saying them, into `fairer`.',
                zh: '写一个继承 `OneHiddenLayer` 的类，换一个 `keys`：把搜索找到的最好的值当作默认值。不写这些值，造一个它的 agent，放进 `fairer`。',
              },
      },
      {
        holds: ({ results, longer }) =>
          longer.length === 3 &&
          bestTrials(results, 3).every(({ id }) => longer.some(({ trial }) => trial === id)) &&
          longer.every(({ precision }) => precision > 0.1 && precision <= 1),
        right: ({ longer }) => ({
          en: `After 3,000 steps: ${longer.map(({ trial, precision }) => `trial ${trial} ${percent(precision)}`).join(', ')}.`,
          zh: `3000 步之后：${longer.map(({ trial, precision }) => `试验 ${trial}：${percent(precision)}`).join('，')}。`,
        }),
        missing: ({ results }) => ({
          en: `Train the configurations of the three best trials (${bestTrials(results, 3)
            .map(({ id }) => id)
            .join(', ')}) for 3,000 steps each, and put \`{ trial, precision }\` of each into \`longer\`.`,
          zh: `把最好的三个试验（${bestTrials(results, 3)
            .map(({ id }) => id)
            .join('、')}）的配置各训练 3000 步，把各自的 \`{ trial, precision }\` 放进 \`longer\`。`,
        }),
      },
      {
        holds: (effects) => tooShort(effects) === undefined,
        right: { en: 'Each is better than when the search left it.', zh: '每一个都比搜索结束时更好。' },
        missing: (effects) => {
          const { id, value, iteration } = tooShort(effects)!;
          return {
            en: `Trial ${id} had ${percent(value)} right after ${iteration} steps already, which isn’t less than in \`longer\`: train it for 3,000.`,
            zh: `试验 ${id} 在 ${iteration} 步之后已经有 ${percent(value)}，不比 \`longer\` 里的低：请训练 3000 步。`,
          };
        },
      },
      {
        holds: ({ results, longer, stays }) => {
          const highest = Math.max(...longer.map(({ precision }) => precision));
          const first = longer.find(({ trial }) => trial === results.best?.id);
          return stays === (first?.precision === highest);
        },
        right: ({ stays }) =>
          stays
            ? { en: 'The one that was best at first stays the best here.', zh: '最初最好的那个，这里仍然最好。' }
            : {
                en: 'Another one overtakes the one that was best at first.',
                zh: '最初最好的那个，被另一个超过了。',
              },
        missing: ({ results, stays }) => ({
          en: `\`stays\` is ${stays}: is trial ${results.best?.id}, which was best, still the one with the highest precision in \`longer\`?`,
          zh: `\`stays\` 现在是 ${stays}：原来最好的试验 ${results.best?.id}，在 \`longer\` 里的精度还是最高的吗？`,
        }),
      },
    ],
    hints: [
      {
        en: 'A class has its `keys` as a static property: `static override readonly keys = { ...keys, lr: key(positive, "the learning rate", found.lr), … };`',
        zh: '类的 `keys` 是静态属性：`static override readonly keys = { ...keys, lr: key(positive, "the learning rate", found.lr), … };`',
      },
      {
        en: '`const three = results.trials.filter(({ status }) => status === "finished").sort((a, b) => b.value! - a.value!).slice(0, 3);`',
        zh: '`const three = results.trials.filter(({ status }) => status === "finished").sort((a, b) => b.value! - a.value!).slice(0, 3);`',
      },
      {
        en: 'Train each as the best one was trained above: `models.makeModel({ ...trial.config, modelName: "one_hidden_layer", maxIter: 3000, resultDir: … })` and `train({ evaluateOn: ["validation"], log: () => {} })`.',
        zh: '像上面训练最好的那个一样训练它们：`models.makeModel({ ...trial.config, modelName: "one_hidden_layer", maxIter: 3000, resultDir: … })`，然后 `train({ evaluateOn: ["validation"], log: () => {} })`。',
      },
    ],
  },
  '402-random-search': {
    title: { en: 'Random search', zh: '随机搜索' },
    effects: ['hyperband', 'random', 'wins'],
    checks: [
      {
        holds: ({ hyperband }) => areOf(hyperband, 'hyperband'),
        right: ({ hyperband }) => ({
          en: `Hyperband took ${hyperband.map(stepsOf).join(', ')} steps.`,
          zh: `Hyperband 分别用了 ${hyperband.map(stepsOf).join('、')} 步。`,
        }),
        missing: ({ hyperband }) => ({
          en: `Search by Hyperband with three different seeds, and put what it finds into \`hyperband\`; there are ${seedsOf(hyperband).length}.`,
          zh: `用三个不同的种子做 Hyperband 搜索，把结果放进 \`hyperband\`；现在有 ${seedsOf(hyperband).length} 个。`,
        }),
      },
      {
        holds: ({ hyperband, random }) =>
          areOf(random, 'random') && random.every(({ seed }) => hyperband.some((search) => search.seed === seed)),
        right: { en: 'Random search was tried with the same seeds.', zh: '用同样的种子做了随机搜索。' },
        missing: ({ hyperband }) => ({
          en: `Search at random with the same seeds (${seedsOf(hyperband).join(', ')}), and put what it finds into \`random\`.`,
          zh: `用同样的种子（${seedsOf(hyperband).join('、')}）做随机搜索，把结果放进 \`random\`。`,
        }),
      },
      {
        holds: ({ hyperband, random }) => random.every((search) => isMatched(search, hyperband)),
        right: ({ random }) => ({
          en: `It took about as many steps: ${random.map(stepsOf).join(', ')}.`,
          zh: `它用的步数差不多：${random.map(stepsOf).join('、')}。`,
        }),
        missing: ({ hyperband, random }) => {
          const unmatched = random.find((search) => !isMatched(search, hyperband))!;
          const other = hyperband.find(({ seed }) => seed === unmatched.seed)!;
          return {
            en: `With seed ${unmatched.seed} Hyperband took ${stepsOf(other)} steps and random search ${stepsOf(unmatched)}. Each trial at random takes ${other.maxIterations}: how many \`trials\` come nearest?`,
            zh: `种子是 ${unmatched.seed} 时，Hyperband 用了 ${stepsOf(other)} 步，随机搜索用了 ${stepsOf(unmatched)} 步。随机搜索的每个试验用 ${other.maxIterations} 步：多少个 \`trials\` 最接近？`,
          };
        },
      },
      {
        holds: (effects) => effects.wins === winsOf(effects),
        right: (effects) => ({
          en: `Hyperband has found something better ${effects.wins} times of ${effects.random.length}.`,
          zh: `${effects.random.length} 次里，Hyperband 有 ${effects.wins} 次找到了更好的。`,
        }),
        missing: (effects) => ({
          en: `\`wins\` is ${effects.wins}. Best precisions, seed by seed: ${effects.random
            .map(
              ({ seed, best }) =>
                `${effects.hyperband.find((search) => search.seed === seed)?.best?.value?.toFixed(4)} by Hyperband and ${best?.value?.toFixed(4)} at random`,
            )
            .join('; ')}.`,
          zh: `\`wins\` 现在是 ${effects.wins}。各个种子的最高精度：${effects.random
            .map(
              ({ seed, best }) =>
                `Hyperband ${effects.hyperband.find((search) => search.seed === seed)?.best?.value?.toFixed(4)}，随机 ${best?.value?.toFixed(4)}`,
            )
            .join('；')}。`,
        }),
      },
    ],
    hints: [
      {
        en: '`for (const seed of [4, 5, 6]) hyperband.push(await searchBy("hyperband", seed));`',
        zh: '`for (const seed of [4, 5, 6]) hyperband.push(await searchBy("hyperband", seed));`',
      },
      {
        en: 'A trial at random is trained for `maxIterations` steps. As many trials as fit into the steps of Hyperband: `Math.round(stepsOf(found) / 300)`.',
        zh: '随机搜索的每个试验训练 `maxIterations` 步。Hyperband 的步数能放下多少个，就做多少个：`Math.round(stepsOf(found) / 300)`。',
      },
      {
        en: '`random.push(await searchBy("random", seed, Math.round(stepsOf(found) / 300)));` Then compare `best?.value` of each pair.',
        zh: '`random.push(await searchBy("random", seed, Math.round(stepsOf(found) / 300)));` 然后比较每一对的 `best?.value`。',
      },
    ],
  },
  '403-l2': {
    title: { en: 'A wider space', zh: '更大的搜索空间' },
    effects: ['graph', 'results', 'best'],
    checks: [
      {
        holds: ({ graph }) => graph !== undefined && penalties(graph).filter(isMatrix).length >= 2,
        right: {
          en: 'The graph has the sum of the squares of both matrices of weights.',
          zh: '图里有两个权重矩阵各自的平方和。',
        },
        missing: ({ graph }) =>
          graph
            ? {
                en: `The graph has ${penalties(graph).filter(isMatrix).length} L2Loss operations of matrices; there should be one for each matrix of weights.`,
                zh: `图里有 ${penalties(graph).filter(isMatrix).length} 个作用于矩阵的 L2Loss 操作；每个权重矩阵都应该有一个。`,
              }
            : {
                en: 'Finish the class `WithL2`, make an agent of it, and put its `graph` into `l2Graph`.',
                zh: '写完类 `WithL2`，造一个它的 agent，把 agent 的 `graph` 放进 `l2Graph`。',
              },
      },
      {
        holds: ({ graph }) => isInLoss(graph!),
        right: { en: 'They are part of the loss.', zh: '它们是损失的一部分。' },
        missing: {
          en: 'They are there, but the loss isn’t computed from both: `lossOf` has to return the sum.',
          zh: '它们在图里，但损失没有把两个都算进去：`lossOf` 要返回它们的和。',
        },
      },
      {
        holds: ({ results }) =>
          isSearched(results) && results.trials.every(({ config }) => Number(valuesOf(config).l2) > 0),
        right: ({ results }) => ({
          en: `${results!.trials.length} trials have tried values of \`l2\`.`,
          zh: `${results!.trials.length} 个试验试了不同的 \`l2\`。`,
        }),
        missing: ({ results }) => ({
          en: `Search with \`l2\` in the space, and put what is found into \`l2Results\` (${isSearched(results) ? 'the trials have no `l2`' : NOT_SEARCHED.en}).`,
          zh: `把 \`l2\` 放进空间里搜索，把结果放进 \`l2Results\`（${isSearched(results) ? '试验里没有 `l2`' : NOT_SEARCHED.zh}）。`,
        }),
      },
      {
        holds: ({ results, best }) => best !== undefined && best === valuesOf(results!.best!.config).l2,
        right: ({ best }) => ({
          en: `The best trial has an l2 of ${best!.toExponential(1)}.`,
          zh: `最好的试验的 l2 是 ${best!.toExponential(1)}。`,
        }),
        missing: ({ best }) => ({
          en: `\`bestL2\` is ${best}: which \`l2\` does the configuration of the best trial have? (\`l2Results.best\` is that trial.)`,
          zh: `\`bestL2\` 现在是 ${best}：最好的试验的配置里 \`l2\` 是多少？（\`l2Results.best\` 就是那个试验。）`,
        }),
      },
    ],
    hints: [
      {
        en: 'The weights are the variables with two dimensions: `tf.trainableVariables().filter(({ shape }) => shape?.length === 2)`.',
        zh: '权重是有两个维度的变量：`tf.trainableVariables().filter(({ shape }) => shape?.length === 2)`。',
      },
      {
        en: '`tf.nn.l2Loss(weights)` is half the sum of the squares; `tf.addN([...])` adds tensors up; `tf.mul` and `tf.add` do the rest.',
        zh: '`tf.nn.l2Loss(weights)` 是平方和的一半；`tf.addN([...])` 把张量加起来；其余的用 `tf.mul` 和 `tf.add`。',
      },
      {
        en: '`return tf.add(super.lossOf(logits, labels), tf.mul(tf.addN(matrices.map((weights) => tf.nn.l2Loss(weights))), this.config.l2));`',
        zh: '`return tf.add(super.lossOf(logits, labels), tf.mul(tf.addN(matrices.map((weights) => tf.nn.l2Loss(weights))), this.config.l2));`',
      },
    ],
  },
  '404-another-model': {
    title: { en: 'Another model', zh: '另一个模型' },
    effects: ['results', 'simple', 'behind'],
    checks: [
      {
        holds: ({ simple }) =>
          isSearched(simple) && simple.trials.every(({ config }) => nameOf(config) === 'softmax_regression'),
        right: ({ simple }) => ({
          en: `${simple!.trials.length} configurations of the simplest model were tried; the best has ${percent(simple!.best?.value)} right.`,
          zh: `试了最简单的模型的 ${simple!.trials.length} 个配置；最好的精度是 ${percent(simple!.best?.value)}。`,
        }),
        missing: ({ simple }) => ({
          en: `Search \`models.SoftmaxRegression.searchSpace\` with \`modelName: 'softmax_regression'\` into \`simple\` (${isSearched(simple) ? `its trials are of ${[...new Set(simple.trials.map(({ config }) => nameOf(config)))].join(', ')}` : NOT_SEARCHED.en}).`,
          zh: `用 \`modelName: 'softmax_regression'\` 搜索 \`models.SoftmaxRegression.searchSpace\`，把结果放进 \`simple\`（${isSearched(simple) ? `它的试验是 ${[...new Set(simple.trials.map(({ config }) => nameOf(config)))].join('、')} 的` : NOT_SEARCHED.zh}）。`,
        }),
      },
      foundBefore(),
      {
        holds: ({ results, simple, behind }) =>
          behind !== undefined &&
          Math.min(...SHARE_OR_POINTS.map((unit) => farFrom(behind, results, simple!, unit))) < 0.0006,
        right: ({ results, simple }) => {
          const points = (100 * distance(results, simple!)).toFixed(1);
          return { en: `It is ${points} percentage points behind.`, zh: `它落后 ${points} 个百分点。` };
        },
        missing: ({ results, simple, behind }) => ({
          en: `\`behind\` is ${behind}: the best precisions are ${results.best!.value!.toFixed(4)} and ${simple!.best!.value!.toFixed(4)}.`,
          zh: `\`behind\` 现在是 ${behind}：两个最高的精度是 ${results.best!.value!.toFixed(4)} 和 ${simple!.best!.value!.toFixed(4)}。`,
        }),
      },
    ],
    hints: [
      {
        en: 'It is the search above with another `space`, a `resultDir` of its own, and no chart.',
        zh: '就是上面的搜索，换一个 `space`，用自己的 `resultDir`，不画图。',
      },
      {
        en: "`space: { ...models.SoftmaxRegression.searchSpace, modelName: 'softmax_regression', dataDir: flags.dataDir }`",
        zh: "`space: { ...models.SoftmaxRegression.searchSpace, modelName: 'softmax_regression', dataDir: flags.dataDir }`",
      },
    ],
  },
  '405-broken-trial': {
    title: { en: 'Break a trial', zh: '让试验出错' },
    effects: ['broken', 'failed', 'why'],
    checks: [
      {
        holds: ({ broken }) => isSearched(broken),
        right: { en: 'The search came to its end, and has a best trial.', zh: '搜索做完了，并且有最好的试验。' },
        missing: {
          en: 'Search for hyperparameters of a class whose `buildNetwork` throws for large networks, and put what is found into `broken`.',
          zh: '写一个网络太大时 `buildNetwork` 就抛出错误的类，搜索它的超参数，把结果放进 `broken`。',
        },
      },
      {
        holds: ({ broken }) => broken!.trials.some(({ status }) => status === 'failed'),
        right: ({ broken }) => ({
          en: `Some of its ${broken!.trials.length} trials have failed, and the others were trained nevertheless.`,
          zh: `它的 ${broken!.trials.length} 个试验里有一些失败了，其余的照样训练完了。`,
        }),
        missing: {
          en: 'No trial has failed: does the search take your class, and does it throw when `nbUnits` is above 64?',
          zh: '没有试验失败：搜索用的是你的类吗？`nbUnits` 大于 64 时它会抛出错误吗？',
        },
      },
      {
        holds: ({ broken, failed }) => failed === broken!.trials.filter(({ status }) => status === 'failed').length,
        right: ({ failed }) => ({ en: `${failed} have failed.`, zh: `失败了 ${failed} 个。` }),
        missing: ({ failed }) => ({
          en: `\`failed\` is ${failed}: count the trials whose \`status\` is 'failed'.`,
          zh: `\`failed\` 现在是 ${failed}：数一数 \`status\` 是 'failed' 的试验。`,
        }),
      },
      {
        holds: ({ broken, why }) => why !== undefined && broken!.trials.some(({ error }) => error === why),
        right: ({ why }) => ({ en: `The search knows why: “${why}”.`, zh: `搜索知道原因：“${why}”。` }),
        missing: ({ why }) => ({
          en: `\`why\` is ${why === undefined ? 'undefined' : `“${why}”`}: what does the result of a failed trial have besides its \`status\`?`,
          zh: `\`why\` 现在是 ${why === undefined ? 'undefined' : `“${why}”`}：失败的试验的结果里，除了 \`status\` 还有什么？`,
        }),
      },
    ],
    hints: [
      {
        en: 'In `Fragile`: `if (this.config.nbUnits > 64) throw new Error("…");` before `return super.buildNetwork();`.',
        zh: '在 `Fragile` 里，在 `return super.buildNetwork();` 之前写 `if (this.config.nbUnits > 64) throw new Error("…");`。',
      },
      {
        en: "`const those = broken.trials.filter(({ status }) => status === 'failed');`",
        zh: "`const those = broken.trials.filter(({ status }) => status === 'failed');`",
      },
      { en: '`why = those[0]?.error;`', zh: '`why = those[0]?.error;`' },
    ],
  },
  '406-in-a-file': {
    title: { en: 'In a file', zh: '写在文件里' },
    effects: ['config', 'variables', 'results'],
    checks: [
      {
        holds: ({ config }) => config !== undefined && nameOf(config) !== 'iris' && nameOf(config) !== 'undefined',
        right: ({ config }) => ({
          en: `The project has trained a \`${nameOf(config)}\`.`,
          zh: `项目训练了一个 \`${nameOf(config)}\`。`,
        }),
        missing: ({ config }) =>
          config
            ? {
                en: `The run is one of \`${nameOf(config)}\`. The second model needs a \`modelName\` of its own, and \`--model-name\` names it.`,
                zh: `这次训练的是 \`${nameOf(config)}\`。第二个模型要有自己的 \`modelName\`，训练时用 \`--model-name\` 指明。`,
              }
            : {
                en: 'Write the file, train the model by the project’s command line, and read the `config.json` of the run into `config`.',
                zh: '写好文件，用项目的命令行训练这个模型，把 `config.json` 读进 `config`。',
              },
      },
      {
        holds: ({ variables }) => hasTwoHidden(matricesOf(variables)),
        right: ({ variables }) => ({
          en: `Its matrices are ${matricesText(matricesOf(variables))}: two hidden layers.`,
          zh: `它的矩阵是 ${matricesText(matricesOf(variables))}：两个隐藏层。`,
        }),
        missing: ({ variables }) => ({
          en: `Its matrices are ${matricesText(matricesOf(variables)) || 'none'}. With two hidden layers there are three: from 4 measures to the first layer, to the second, and to 3 species.`,
          zh: `它的矩阵是 ${matricesText(matricesOf(variables)) || '没有'}。有两个隐藏层时应该有三个：从 4 个测量值到第一层，再到第二层，再到 3 个品种。`,
        }),
      },
      {
        holds: ({ config, results }) =>
          isSearched(results) && results.trials.every((trial) => nameOf(trial.config) === nameOf(config)),
        right: ({ results }) => ({
          en: `The search in the project found ${percent(results!.best?.value)} right on the validation set.`,
          zh: `在项目里搜索，验证集上的精度是 ${percent(results!.best?.value)}。`,
        }),
        missing: ({ config, results }) => ({
          en: `Search for hyperparameters of \`${nameOf(config)}\` in the project, and read the results into \`ofTwoHidden\` (${isSearched(results) ? `its trials are of ${nameOf(results.trials[0]?.config)}` : NOT_SEARCHED.en}).`,
          zh: `在项目里搜索 \`${nameOf(config)}\` 的超参数，把结果读进 \`ofTwoHidden\`（${isSearched(results) ? `它的试验是 ${nameOf(results.trials[0]?.config)} 的` : NOT_SEARCHED.zh}）。`,
        }),
      },
    ],
    hints: [
      {
        en: 'The file may begin as a copy of `irisClassifier.ts`: another name of the class, another `modelName`, and one more call of `layer`.',
        zh: '文件可以从 `irisClassifier.ts` 的副本开始：换一个类名，换一个 `modelName`，多调用一次 `layer`。',
      },
      {
        en: 'In `index.ts`: import and export the class, `models.registerModel(TwoHidden);`, and a line in `ModelRegistry`.',
        zh: '在 `index.ts` 里：导入并导出这个类，写 `models.registerModel(TwoHidden);`，并在 `ModelRegistry` 里加一行。',
      },
      {
        en: '`runProject("train", "--model-name", "two_hidden", "--result-dir", "results/two-hidden")`, and the same with `search`.',
        zh: '`runProject("train", "--model-name", "two_hidden", "--result-dir", "results/two-hidden")`，`search` 也一样。',
      },
    ],
  },
};
