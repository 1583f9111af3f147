/** `tf-mechanics search`: searches for the best hyperparameters. */
import path from 'node:path';
import { Command, Option } from 'commander';
import { readResults, type SearchEvent, search } from '../hyperparameters';
import type { Algorithm } from '../hyperparameters/records';
import { failuresOf } from '../hyperparameters/search';
import { settingsOf, trialsOf } from '../hyperparameters/settings';
import type { AgentClass, BasicConfig, ModelConfig } from '../models';
import { newRunFolder } from '../models/runFolder';
import { isEnvironmental } from '../runtime/environment';
import { FailedPreconditionError, InvalidArgumentError, UnavailableError } from '../runtime/errors';
import { replaceFile } from '../runtime/files';
import { didYouMean, unquoted } from '../runtime/nearest';
import { addresses, integer, jsonObject } from './arguments';
import { INTERRUPTED, interruptible } from './interruptible';
import { ModelFlags } from './modelFlags';
import type { ProjectCommands } from './project';

interface SearchFlags {
  fixedParams?: Record<string, unknown>;
  algorithm: Algorithm;
  metric?: string;
  mode?: 'max' | 'min';
  fullSearch?: boolean;
  trials?: number;
  minIter?: number;
  eta?: number;
  nbProcess?: number;
  targets?: string[];
  resume?: boolean;
  dryRun?: boolean;
}

/** The configuration keys that the search sets itself. */
const SEARCH_KEYS = ['modelName', 'resultDir', 'randomSeed', 'maxIter'];

/** Trials are first compared after this fraction of the full number of steps. */
const FIRST_COMPARISON = 27;

export function searchCommand(project: ProjectCommands): Command {
  const command = new Command('search').description(
    "search for a model's best hyperparameters; those set by a flag or --fixed-params are not searched, --max-iter limits the steps of a trial, and --random-seed determines the trials",
  );
  const model = new ModelFlags(command, project);
  return command
    .option('--fixed-params <json>', `fixed values, which are not searched, such as '{"lr":0.01}'`, jsonObject)
    .addOption(
      new Option('--algorithm <name>', 'how to search').choices(['hyperband', 'asha', 'random']).default('hyperband'),
    )
    .option('--metric <name>', `the metric that compares trials (default: ${firstMetrics(project.models.classes())})`)
    .addOption(
      new Option(
        '--mode <mode>',
        'whether the highest or the lowest value is best (default: as the model says)',
      ).choices(['max', 'min']),
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
    .option(
      '--eta <number>',
      'one in this many trials continues, for this many times the steps (default: 3)',
      integer(2),
    )
    .option('--nb-process <number>', 'trials that run at the same time (default: one a core)', integer(1))
    .option(
      '--targets <addresses>',
      'TensorFlow servers that trials run on, one at a time on each, such as grpc://a:2222,grpc://b:2222 (default: this machine)',
      addresses,
    )
    .option('--resume', 'go on with the search in --result-dir, which needs no other flags')
    .option('--dry-run', 'print the configurations that would be tried, without training')
    .allowExcessArguments(false)
    .action((flags: SearchFlags) => runSearch(project, model, command, flags));
}

async function runSearch(
  project: ProjectCommands,
  model: ModelFlags,
  command: Command,
  flags: SearchFlags,
): Promise<void> {
  const { resume, dryRun } = flags;
  const found = resume ? resumedOptions(project, command, flags) : await newOptions(project, model, flags);
  const options = { ...found, trial: project.trial };
  if (dryRun) {
    const settings = settingsOf(options);
    const configs = trialsOf(options.space, settings).map(({ config, seed }) => ({ ...config, randomSeed: seed }));
    console.log(JSON.stringify(configs, null, 2));
    return;
  }
  const where = options.targets ? ['--targets', options.targets.join(',')] : [];
  const goOn = `Go on with: ${project.command('search', '--resume', '--result-dir', options.resultDir, ...where)}`;
  const results = await interruptible(async (signal) => {
    const found = await search({ ...options, resume, signal, onEvent: teller(options.metric), log: () => {} });
    return { ...found, stopped: signal.aborted };
  }).catch((error) => {
    if (isEnvironmental(error) || error instanceof UnavailableError) console.log(goOn);
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
    console.log(`Train it with: ${project.command('train', '--config', file)}`);
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

async function newOptions({ models }: ProjectCommands, modelFlags: ModelFlags, flags: SearchFlags) {
  const { randomSeed, maxIter, ...given } = modelFlags.config() as ModelConfig &
    Record<'randomSeed' | 'maxIter', number>;
  const { model, config } = models.resolve({ ...flags.fixedParams, ...given, resultDir: undefined });
  const { resultDir = newRunFolder(`search-${model.modelName}`) } = given;
  const fixed = Object.fromEntries(Object.entries(config).filter(([name]) => !SEARCH_KEYS.includes(name)));
  const some = model.getRandomConfig(fixed, 0); // throws for invalid configurations before anything starts
  const maxIterations = maxIter ?? model.keys.maxIter?.default;
  const { eta, trials, nbProcess, targets, minIter = Math.ceil(maxIterations / FIRST_COMPARISON) } = flags;
  const algorithm = flags.fullSearch ? 'random' : flags.algorithm;
  const comparisons = algorithm === 'random' ? {} : { minIterations: minIter, eta };
  const space = spaceOf(model, fixed);
  return {
    algorithm,
    space,
    ...(await comparison(model, some, flags)),
    maxIterations,
    ...comparisons,
    trials,
    nbProcess,
    targets,
    seed: randomSeed,
    resultDir,
  };
}

/** The options of the search in a folder. */
function resumedOptions(
  { models }: ProjectCommands,
  command: Command,
  flags: SearchFlags,
): Awaited<ReturnType<typeof newOptions>> {
  const { nbProcess, targets } = flags;
  const { resultDir } = command.opts<{ resultDir?: string }>();
  if (resultDir === undefined) command.error("error: option '--resume' needs --result-dir <folder>");
  const { algorithm, space, maxIterations, minIterations, eta, seed, ...found } = readResults(resultDir);
  const { metric = found.metric, mode = found.mode } = flags;
  const { modelName, ...searched } = space as Record<string, unknown> & { modelName: string };
  const fixed = Object.fromEntries(Object.entries(searched).filter(([, value]) => typeof value !== 'object'));
  const model = models.get(modelName);
  const settings = { algorithm, metric, mode, maxIterations, minIterations, eta, seed, trials: undefined };
  return { ...settings, space: spaceOf(model, fixed), nbProcess, targets, resultDir };
}

function spaceOf(model: AgentClass, fixed: object): { modelName: string } {
  return { modelName: model.modelName, ...model.searchSpace, ...fixed };
}

/** The metric and mode for comparing a model's trials, by the flags or its class. */
async function comparison(model: AgentClass, config: BasicConfig, flags: SearchFlags) {
  const { metric = firstMetric(model), mode } = flags;
  const known: AgentClass['metrics'] = { loss: 'min', ...model.metrics };
  if (Object.hasOwn(known, metric)) return { metric, mode: mode ?? known[metric]! };
  const names = await metricsOf(model, config);
  if (!names.includes(metric)) {
    const guess = didYouMean(metric, names, { before: ': ', otherwise: `: it has ${names.join(', ')}`, as: unquoted });
    throw new InvalidArgumentError(`${model.modelName} has no metric ${metric}${guess}`);
  }
  if (mode === undefined)
    throw new InvalidArgumentError(
      `whether the greatest ${metric} is best or the least isn't known: say --mode max or --mode min`,
    );
  return { metric, mode };
}

/** The metrics of a model's evaluation, found by evaluating an untrained one. */
async function metricsOf(model: AgentClass, config: BasicConfig): Promise<string[]> {
  const agent = new model(config);
  try {
    await agent.init({ checkpoint: null });
    const { validation } = await agent.evaluate(['validation']);
    return Object.keys(validation);
  } finally {
    await agent.close();
  }
}

function firstMetric(model: AgentClass): string {
  return Object.keys(model.metrics)[0] ?? 'loss';
}

/** The metric for comparing models, unless a flag says otherwise. */
function firstMetrics(models: readonly AgentClass[]): string {
  const [first, ...others] = new Set(models.map(firstMetric));
  return others.length === 0 ? first! : models.map((model) => `${model.modelName} ${firstMetric(model)}`).join(', ');
}

/** Prints events, except for reports of the metric by which trials are compared, which is printed when a trial ends. */
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
    case 'targetLost':
      return `Trial ${event.trial}: ${event.target} went away, it is tried again: ${event.error}`;
    case 'trialFailed':
      return `Trial ${event.trial}: failed: ${event.error}`;
  }
}

function valuesOf(metrics: Readonly<Record<string, number>>): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${value.toFixed(4)}`)
    .join(', ');
}
