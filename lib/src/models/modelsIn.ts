/** Finds models in a list, in a record, or in a module. */
import { withoutPrograms } from '../hyperparameters/workerHost';
import { checkObject, shown } from '../runtime/arguments';
import { withContext } from '../runtime/errorContext';
import { InvalidArgumentError } from '../runtime/errors';
import { loadModule, moduleFile } from '../runtime/modules';
import type { AgentClass } from './basicAgent';
import { knownModels } from './knownModels';

/** What makes a class a model, in words. */
const A_MODEL = 'a class that extends models.BasicAgent, with a static modelName and static keys';

/**
 * The models in an array, which may contain nothing else, or among the exports of a module or the values of a record.
 *
 * @throws {InvalidArgumentError} when there is none, two have the same name, or the array contains something else
 */
export function modelsIn(given: object): AgentClass[] {
  if (Array.isArray(given)) {
    const place = given.findIndex((one) => !isModel(one));
    if (place >= 0) throw new InvalidArgumentError(`models[${place}] is no model, ${A_MODEL}: ${shown(given[place])}`);
  } else {
    checkObject('models', given);
  }
  return withNames(Object.values(given).filter(isModel));
}

/** By file, because a module runs only once, and registers its models then. */
const loadedModels = new Map<string, AgentClass[]>();

/**
 * Loads and registers the models that a module exports or registers.
 *
 * @param module its path, as for {@link moduleFile}
 * @throws {NotFoundError} when there is no such module
 * @throws {FailedPreconditionError} when it can't be loaded
 * @throws {InvalidArgumentError} when it has no model, or two of the same name
 */
export async function loadModels(module: string | URL): Promise<AgentClass[]> {
  const file = moduleFile(module);
  const before = new Set(loadedModels.get(file) ? [] : knownModels.classes());
  // A project's entry point may export models too.
  const exported = Object.values(await withoutPrograms(() => loadModule(file))).filter(isModel);
  const registered = loadedModels.get(file) ?? knownModels.classes().filter((model) => !before.has(model));
  try {
    const found = withNames([...exported, ...registered]);
    for (const model of found) knownModels.add(model);
    loadedModels.set(file, found);
    return found;
  } catch (error) {
    throw withContext(error, (message) => `${file}: ${message}`);
  }
}

function isModel(value: unknown): value is AgentClass {
  if (typeof value !== 'function') return false;
  const { modelName, keys, prototype } = value as Partial<AgentClass> & { prototype?: { train?: unknown } };
  const hasKeys = typeof keys === 'object' && keys !== null;
  return typeof modelName === 'string' && modelName !== '' && hasKeys && typeof prototype?.train === 'function';
}

/** The classes without duplicates. */
function withNames(classes: readonly AgentClass[]): AgentClass[] {
  const byName = new Map<string, AgentClass>();
  for (const model of classes) {
    const other = byName.get(model.modelName);
    if (other !== undefined && other !== model)
      throw new InvalidArgumentError(
        `the models ${nameOf(other)} and ${nameOf(model)} have one modelName, ${shown(model.modelName)}`,
      );
    byName.set(model.modelName, model);
  }
  if (byName.size === 0) throw new InvalidArgumentError(`expected at least one model, ${A_MODEL}`);
  return [...byName.values()];
}

function nameOf(model: AgentClass): string {
  return (model as unknown as { name: string }).name;
}
