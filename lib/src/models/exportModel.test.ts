/** Agents for programs that have nothing of this library. */
import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporaryFolder';
import * as tf from '../tf';
import { BasicAgent, Convnet, type ExportFormat, type ExportOptions } from '.';

const folder = temporaryFolder('export-');
const inFolder = (...names: string[]) => path.join(folder(), ...names);
const pixels = Float32Array.from({ length: 2 * 784 }, (_, i) => (i % 29) / 29);
const images = new tf.HostArray('float32', [2, 784], pixels);

/** A small model. */
const convnet = () =>
  new Convnet({ inputDepth: 2, hidden1Depth: 2, nbUnits: 4, randomSeed: 1, resultDir: inFolder('run') });

describe('an agent', () => {
  it('is exported with its placeholders as inputs, as a SavedModel, and answers there as here', async () => {
    await using agent = convnet();
    expect(await agent.export(inFolder('saved'))).toBe(inFolder('saved'));
    await using model = await tf.savedModel.open(inFolder('saved'));
    const { probabilities } = await model.signatures.serving_default!({ images });
    const answers = (await agent.infer(images)).flatMap(({ probabilities }) => probabilities);
    expect([...(probabilities as tf.HostArray<'float32'>).data]).toEqual(answers);
    expect(Object.keys(model.metaGraph.signatureDef.serving_default!.inputs)).toEqual(['images']);
  });

  it('is exported as one graph without variables', async () => {
    await using agent = convnet();
    const file = await agent.export(inFolder('frozen'), { format: 'frozen' });
    const graph = new tf.Graph();
    graph.importGraphDef(fs.readFileSync(file), { name: '' });
    expect(graph.operations.map(({ type }) => type)).not.toContain('VariableV2');
    await using session = new tf.Session({ graph });
    const [given] = graph.operations.filter(({ type }) => type === 'Placeholder');
    const probabilities = await session.run('probabilities:0', [[given!.outputs[0]!, images]]);
    const answers = (await agent.infer(images)).flatMap(({ probabilities }) => probabilities);
    expect([...(probabilities as tf.HostArray<'float32'>).data]).toEqual(answers);
  });

  it('is exported for TensorFlow.js without dropout, its layers by their names', async () => {
    await using agent = convnet();
    const file = await agent.export(inFolder('js'), { format: 'tfjs', quantization: 'uint8' });
    const { signature, userDefinedMetadata, modelTopology } = JSON.parse(fs.readFileSync(file, 'utf8'));
    expect(Object.keys(signature.inputs)).toEqual(['images']);
    expect(userDefinedMetadata.structuredOutputKeys).toEqual(['probabilities', 'logits']);
    const nodes = modelTopology.node.map(({ name }: { name: string }) => name);
    expect(nodes).toEqual(expect.arrayContaining(['input_act/Relu6', 'hidden1_act/Relu6']));
    expect(nodes.filter((name: string) => /drop|keep_prob/.test(name))).toEqual([]);
  });

  it('is exported as a page with the model beside it, which takes the place of one that was there', async () => {
    await using agent = convnet();
    for (const overwrite of [false, true]) {
      const file = await agent.export(inFolder('page'), { format: 'page', overwrite });
      expect(file).toBe(inFolder('page', 'index.html'));
      expect(fs.readdirSync(inFolder('page'))).toEqual(['index.html', 'model']);
      expect(fs.readdirSync(inFolder('page', 'model'))).toContain('model.json');
      expect(fs.readFileSync(file, 'utf8')).toContain('"network":{"url":"model/model.json"}');
    }
  });

  it.each([
    [{ format: 'onnx' as ExportFormat }, "a format is one of saved-model, frozen, tfjs, page, not 'onnx'"],
    [{ quantization: 'uint8' }, 'quantization is for the format tfjs, not saved-model'],
    [{ form: 'tfjs' } as ExportOptions, "did you mean 'format'?"],
  ] as const)('is not exported with %j, and leaves nothing', async (options, message) => {
    await using agent = convnet();
    await expect(agent.export(inFolder('x'), options as ExportOptions)).rejects.toThrow(message);
    expect(fs.readdirSync(folder())).toEqual([]);
  });

  it('is not exported where its class does not say what it takes and gives', async () => {
    class Silent extends BasicAgent {
      static readonly modelName: string = 'silent';
      static readonly keys = {};
      static readonly searchSpace = {};
      protected buildGraph() {
        tf.train.getOrCreateGlobalStep();
      }
      protected async prepare() {}
      protected describeData() {
        return {};
      }
      protected async learnFromEpoch() {
        return 0;
      }
      async evaluate() {
        return {} as never;
      }
      async infer() {
        return [];
      }
    }
    await using agent = new Silent({ resultDir: inFolder('run') });
    await expect(agent.export(inFolder('x'))).rejects.toThrow(
      "silent can't be exported: its class has no signature(), which says what it takes and gives",
    );
  });
});
