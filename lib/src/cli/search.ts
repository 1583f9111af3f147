/** `tf-mechanics search`: which hyperparameters are best. */
import path from 'node:path';
import { Command, Option } from 'commander';
import { readResults, type SearchEvent, search } from '../hyperparameters';
import type { Algorithm } from '../hyperparameters/records';
import { failuresOf } from '../hyperparameters/search';
import { settingsOf, trialsOf } from '../hyperparameters/settings';
import { type AgentClass, getModelClass, type ModelConfig, trials } from '../models';
import { resolveModel } from '../models/registry';
import { newRunFolder } from '../models/runFolder';
import { isEnvironmental } from '../runtime/environment';
import { FailedPreconditionError } from '../runtime/errors';
import { replaceFile } from '../runtime/files';
import { integer, jsonObject, quoted } from './arguments';
import { INTERRUPTED, interruptible } from './interruptible';
import { addModelFlags, configFromFlags } from './modelFlags';

interface SearchFlags {
  fixedParams?: Record<string, unknown>;
  algorithm: Algorithm;
  fullSearch?: boolean;
  trials?: number;
  minIter?: number;
  eta?: number;
  nbProcess?: number;
  resume?: boolean;
  dryRun?: boolean;
}

/** What of a model's configuration is the search's own matter. */
const SEARCH_KEYS = ['modelName', 'resultDir', 'randomSeed', 'maxIter'];

/** Steps after which trials are first compared: this part of those of a whole training. */
const FIRST_COMPARISON = 27;

export function searchCommand(): Command {
  const command = new Command('search').description(
    "search a model's best hyperparameters; those that a flag or --fixed-params gives are not searched, --max-iter is what one trial trains at most, and --random-seed decides the trials",
  );
  return addModelFlags(command)
    .option('--fixed-params <json>', `values that are not searched, such as '{"lr":0.01}'`, jsonObject)
    .addOption(
      new Option('--algorithm <name>', 'how to search').choices(['hyperband', 'asha', 'random']).default('hyperband'),
    )
    .option('--full-search', 'train every trial to its end, which is --algorithm random')
    .option(
      '--trials <number>',
      'configurations to try (default: 20; those of hyperband follow from its steps)',
      integer(1),
    )
    .option(
      '--min-iter <steps>',
      `steps after which trials are first compared (default: --max-iter / ${FIRST_COMPARISON})`,
      integer(1),
    )
    .option('--eta <number>', 'one trial in so many goes on, to so many times the steps (default: 3)', integer(2))
    .option('--nb-process <number>', 'trials that run at once (default: one a core)', integer(1))
    .option('--resume', 'go on with the search in --result-dir, which needs no other flags')
    .option('--dry-run', 'print the configurations that would be tried, and do nothing')
    .allowExcessArguments(false)
    .action(runSearch);
}

async function runSearch(flags: SearchFlags, command: Command): Promise<void> {
  const { resume, dryRun } = flags;
  const options = { ...(resume ? resumedOptions(command, flags) : newOptions(command, flags)), trial: trials };
  if (dryRun) {
    const settings = settingsOf(options);
    const configs = trialsOf(options.space, settings).map(({ config, seed }) => ({ ...config, randomSeed: seed }));
    console.log(JSON.stringify(configs, null, 2));
    return;
  }
  const goOn = `Go on with: npm run main -- search --resume --result-dir ${quoted(options.resultDir)}`;
  const results = await interruptible(async (signal) => {
    const found = await search({ ...options, resume, signal, onEvent: teller(options.metric), log: () => {} });
    return { ...found, stopped: signal.aborted };
  }).catch((error) => {
    if (isEnvironmental(error)) console.log(goOn);
    throw error;
  });
  const { best, resultDir, stopped } = results;
  if (best) {
    const { modelName, ...config } = best.config;
    console.log(
      `Best: trial ${best.id}, ${options.metric} ${best.value?.toFixed(4)} after ${best.iteration} steps: ${JSON.stringify(config)}`,
    );
    const file = path.join(resultDir, 'best.json');
    const whole = { modelName, ...config, maxIter: options.maxIterations, randomSeed: best.seed };
    await replaceFile(file, Buffer.from(`${JSON.stringify(whole, null, 2)}\n`));
    console.log(`Train it with: npm run train -- --config ${quoted(file)}`);
  }
  const [failures] = failuresOf(results);
  if (failures !== undefined && !best && results.complete)
    throw new FailedPreconditionError(`${failures} (more in ${path.join(resultDir, 'trials')})`);
  if (failures !== undefined) console.log(failures);
  if (stopped && !results.complete) {
    console.log(goOn);
    process.exitCode = INTERRUPTED;
  }
}

function newOptions(command: Command, flags: SearchFlags) {
  const { randomSeed, maxIter, ...given } = configFromFlags(command) as ModelConfig &
    Record<'randomSeed' | 'maxIter', number>;
  const { model, config } = resolveModel({ ...flags.fixedParams, ...given, resultDir: undefined });
  const { resultDir = newRunFolder(`search-${model.modelName}`) } = given;
  const fixed = Object.fromEntries(Object.entries(config).filter(([name]) => !SEARCH_KEYS.includes(name)));
  model.getRandomConfig(fixed, 0); // refuses what can't be right before anything starts
  const maxIterations = maxIter ?? model.keys.maxIter?.default;
  const { eta, trials, nbProcess, minIter = Math.ceil(maxIterations / FIRST_COMPARISON) } = flags;
  const algorithm = flags.fullSearch ? 'random' : flags.algorithm;
  const comparisons = algorithm === 'random' ? {} : { minIterations: minIter, eta };
  const space = spaceOf(model, fixed);
  const [[metric, mode] = ['loss', 'min'] as const] = Object.entries(model.metrics); // what trials are compared by
  return {
    algorithm,
    space,
    metric,
    mode,
    maxIterations,
    ...comparisons,
    trials,
    nbProcess,
    seed: randomSeed,
    resultDir,
  };
}

/** The options of the search that is in a folder. */
function resumedOptions(command: Command, { nbProcess }: SearchFlags): ReturnType<typeof newOptions> {
  const { resultDir } = command.opts<{ resultDir?: string }>();
  if (resultDir === undefined) command.error("error: option '--resume' needs --result-dir <folder>");
  const { algorithm, space, metric, mode, maxIterations, minIterations, eta, seed } = readResults(resultDir);
  const { modelName, ...searched } = space as Record<string, unknown> & { modelName: string };
  const fixed = Object.fromEntries(Object.entries(searched).filter(([, value]) => typeof value !== 'object'));
  const model = getModelClass(modelName);
  const settings = { algorithm, metric, mode, maxIterations, minIterations, eta, seed, trials: undefined };
  return { ...settings, space: spaceOf(model, fixed), nbProcess, resultDir };
}

function spaceOf(model: AgentClass, fixed: object): { modelName: string } {
  return { modelName: model.modelName, ...model.searchSpace, ...fixed };
}

/** Prints what happens, but for reports with the metric that trials are compared by: the end of a training says it. */
const teller = (metric: string) => (event: SearchEvent<object>) => {
  if (event.type !== 'report' || metric === 'loss' || !(metric in event.metrics)) console.log(lineOf(event));
};

function lineOf(event: SearchEvent<object>): string {
  switch (event.type) {
    case 'searchStarted':
      return `${event.trials} trials, seed ${event.seed}${event.resumed ? `; going on after ${event.resumed} trainings` : ''}`;
    case 'trialStarted':
      return `Trial ${event.trial}: up to step ${event.iterations} with ${JSON.stringify(event.config)}`;
    case 'report':
      return `Trial ${event.trial}: step ${event.iteration}, ${valuesOf(event.metrics)}`;
    case 'trialFinished':
      return `Trial ${event.trial}: ${valuesOf(event.metrics)} after ${event.iteration} steps${event.best ? ', the best so far' : ''}`;
    case 'trialFailed':
      return `Trial ${event.trial}: failed: ${event.error}`;
  }
}

function valuesOf(metrics: Readonly<Record<string, number>>): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${value.toFixed(4)}`)
    .join(', ');
}
