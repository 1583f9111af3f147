// In a process of its own: the models that it registers stay.
/** What an editor says of models: asked of TypeScript's language service, over the declarations that users get. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { models } from '../lib/src';
import { keysOf } from '../lib/src/models/basicAgent';
import { options, ts } from './cellTypeScript';

const root = path.join(__dirname, '..');
const file = path.join(root, 'tests', 'asked.ts');

/** The program that is asked about: its text, and how often it was another. */
let asked = { text: '', version: 0 };

const service = ts.createLanguageService({
  ...ts.sys,
  useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
  getScriptFileNames: () => [file],
  getScriptVersion: (name) => (name === file ? `${asked.version}` : ''),
  getScriptSnapshot: (name) => {
    const text = name === file ? asked.text : ts.sys.readFile(name);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => root,
  getCompilationSettings: () => ({ ...options, baseUrl: root, paths: { 'tf-mechanics': ['./lib/dist/index.d.ts'] } }),
  getDefaultLibFileName: ts.getDefaultLibFilePath,
});

/** Has a program looked at, in which `|` is where an editor's cursor stands, and gives these places. */
function look(program: string): number[] {
  const [begin = '', ...parts] = `import { models } from 'tf-mechanics';\n${program}`.split('|');
  let text = begin;
  const places = parts.map((part) => {
    text += part;
    return text.length - part.length;
  });
  asked = { text, version: asked.version + 1 };
  return places;
}

/** What the compiler says of a program. */
function errorsIn(program: string): string[] {
  look(program);
  const errors = service.getSemanticDiagnostics(file);
  return errors.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

/** What stands over the words at the cursors. */
function hovers(program: string): string[] {
  return look(program).map((place) =>
    ts.displayPartsToString(service.getQuickInfoAtPosition(file, place)?.displayParts),
  );
}

/** What is offered at the cursor, each with its comment. */
function offered(program: string): Map<string, string> {
  const [position = 0] = look(program);
  const { entries } = service.getCompletionsAtPosition(file, position, {}) ?? { entries: [] };
  const comment = (name: string) =>
    ts.displayPartsToString(
      service.getCompletionEntryDetails(file, position, name, {}, undefined, {}, undefined)?.documentation,
    );
  // Where a type is inferred from a text, the compiler also offers what stands there: here nothing.
  return new Map(entries.filter(({ name }) => name).map(({ name }) => [name, comment(name)]));
}

const classes = ['FullyConnected', 'Convnet', 'SoftmaxRegression'] as const;

describe.each(classes)('over models.%s', (name) => {
  it('stands the name of its configuration, not the keys', () => {
    const config = `models.${name}Config`;
    expect(hovers(`new models.|${name}({}).|config; type C = models.|${name}Config;`)).toEqual([
      expect.stringContaining(`(config?: Partial<${config}> | undefined): models.${name}`),
      expect.stringMatching(new RegExp(`: Complete<${config}>$`)),
      expect.stringContaining(`interface ${name}Config`),
    ]);
  });

  it('every key is offered, with what it is for', () => {
    const keys = Object.keys(keysOf(models[name])).sort();
    for (const program of [
      `new models.${name}({ | });`,
      `models.makeModel({ modelName: '${models[name].modelName}', | });`,
    ]) {
      const comments = offered(program);
      expect([...comments.keys()].filter((key) => key !== 'modelName').sort()).toEqual(keys);
      for (const key of keys) expect([key, comments.get(key)]).toEqual([key, expect.stringMatching(/^[A-Z1√].*\.$/)]);
    }
  });
});

it("every value of an agent's configuration has the comment of its key", () => {
  const comments = offered('new models.Convnet().config.|');
  for (const key of Object.keys(keysOf(models.Convnet))) expect([key, comments.get(key)]).not.toEqual([key, '']);
});

describe('makeModel', () => {
  it('offers the names of the models that are known', () => {
    expect([...offered("models.makeModel({ modelName: '|' });").keys()]).toEqual(models.modelNames());
    expect([...offered("models.getModelClass('|');").keys()]).toEqual(models.modelNames());
  });

  it.each(classes)('gives a %s for its name', (name) => {
    const { modelName } = models[name];
    const program = `
      const |agent = models.makeModel({ modelName: '${modelName}' });
      const |model = models.getModelClass('${modelName}');
    `;
    expect(hovers(program)).toEqual([`const agent: models.${name}`, `const model: typeof models.${name}`]);
  });

  it('takes the keys of the model that is named, and their values, and no others', () => {
    const configs = [
      "lr: 0.1, optimizer: 'adam', batchSize: 5, resultDir: 'x'",
      'droupout: 1',
      'hidden1: 1',
      "lr: 'fast'",
    ];
    const errors = errorsIn(
      configs.map((config) => `models.makeModel({ modelName: 'convnet', ${config} });`).join('\n'),
    );
    expect(errors).toEqual([
      expect.stringContaining("'droupout' does not exist in type 'ModelConfig<\"convnet\">'"),
      expect.stringContaining("'hidden1' does not exist"),
      expect.stringContaining("Type 'string' is not assignable to type 'number'"),
    ]);
  });

  it('takes any name, of which it knows only that it is a model', () => {
    const errors = errorsIn(`
      declare const name: string;
      declare const read: Record<string, unknown>;
      declare const config: models.ModelConfig;
      const agents: models.BasicAgent[] = [
        models.makeModel({ modelName: 'mine', units: 3 }),
        models.makeModel({ modelName: name, units: 3 }),
        models.makeModel({ resultDir: 'x', maxIter: 3 }),
        models.makeModel({ ...config, resultDir: 'x' }),
        models.makeModel(read),
        models.makeModel(config),
        models.makeModel({}),
      ];
    `);
    expect(errors).toEqual([]);
    const [hovered] = hovers("const |agent = models.makeModel({ modelName: 'mine', units: 3 });");
    expect(hovered).toMatch(/^const agent: models\.BasicAgent</);
  });

  it('knows a model of a user where a module says so', () => {
    const program = `
      const keys = { maxIter: models.key(models.wholeNumber(0), 'steps', 5), units: models.key(models.wholeNumber(1), 'units', 8) };
      interface MineConfig extends models.DigitConfigOf<typeof keys> {}
      abstract class Base extends models.DigitClassifier<MineConfig> {}
      declare class Mine extends Base {
        static readonly modelName: string;
        static readonly keys: typeof keys;
        static readonly searchSpace: object;
        protected buildNetwork(): models.ClassifierNetwork;
      }
      declare module 'tf-mechanics' {
        interface ModelRegistry {
          mine: typeof Mine;
        }
      }
      models.registerModel(Mine);
    `;
    const made = `const agent: Mine = models.makeModel({ modelName: 'mine', units: 3 });`;
    const misspelt = `models.makeModel({ modelName: 'mine', unit: 3 });`;
    expect(errorsIn(`${program} ${made} ${misspelt}`)).toEqual([
      expect.stringContaining("Did you mean to write 'units'?"),
    ]);
    expect([...offered(`${program} models.makeModel({ modelName: '|' });`).keys()]).toContain('mine');
    expect(hovers(`${program} new |Mine();`)).toEqual([
      expect.stringContaining('(config?: Partial<MineConfig> | undefined): Mine'),
    ]);
  });
});
