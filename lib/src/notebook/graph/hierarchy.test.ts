import { describe, expect, it } from 'vitest';
import { operation, trainedLine } from '../../testing/graphData';
import type { OperationData } from './graphData';
import { type GraphNode, hierarchyOf } from './hierarchy';

/** What is in a node, by labels. */
const labels = ({ children }: Pick<GraphNode, 'children'>) => children.map(({ label }) => label);

const of = (...operations: OperationData[]) => hierarchyOf(operations);

describe('hierarchyOf', () => {
  it('makes a tree of name scopes, in the order in which the graph was built', () => {
    const { root, nodes } = of(
      operation('x', 'Placeholder'),
      operation('a/b/MatMul', 'MatMul', ['x:0']),
      operation('a/b/Relu', 'Relu', ['a/b/MatMul:0']),
      operation('y', 'Neg', ['a/b/Relu:0']),
      operation('a/Sum', 'Sum', ['y:0']),
    );
    expect(labels(root)).toEqual(['x', 'a', 'y']);
    expect(labels(nodes.get('a/')!)).toEqual(['b', 'Sum']);
    expect(labels(nodes.get('a/b/')!)).toEqual(['MatMul', 'Relu']);
  });

  it('puts an operation that has the name of a scope into it', () => {
    const { nodes, leaves } = of(
      operation('a/x', 'Neg'),
      operation('a/y', 'Neg'),
      operation('a', 'Add', ['a/x:0', 'a/y:0']),
    );
    expect(labels(nodes.get('a/')!)).toEqual(['x', 'y', 'a']);
    expect(leaves.get('a')?.parent?.id).toBe('a/');
  });

  it('draws a scope of one operation as that operation, under the name of the scope', () => {
    const { root } = of(operation('xentropy/a/xentropy_1', 'Neg'));
    expect(root.children).toMatchObject([{ id: 'xentropy/a/xentropy_1', label: 'xentropy', children: [] }]);
  });

  it('draws a variable with all that makes it, its initial value included, as one node', () => {
    const { root, leaves } = of(
      operation('init/shape', 'Const'),
      operation('init/normal', 'TruncatedNormal', ['init/shape:0']),
      operation('init/half', 'Mul', ['init/normal:0', 'init/normal:0']),
      operation('w', 'VariableV2'),
      operation('w/Assign', 'Assign', ['w:0', 'init/half:0']),
      operation('w/read', 'Identity', ['w:0']),
      operation('y', 'Neg', ['w/read:0']),
    );
    expect(labels(root)).toEqual(['w', 'y']);
    expect(root.children[0]?.operations.map(({ name }) => name)).toEqual([
      'w',
      'init/shape',
      'init/normal',
      'init/half',
      'w/Assign',
      'w/read',
    ]);
    expect(leaves.get('init/shape')?.id).toBe('w');
  });

  it('leaves an initial value alone that something else takes, or that is fed', () => {
    const { root } = of(
      operation('fed', 'Placeholder'),
      operation('shared', 'TruncatedNormal'),
      operation('v', 'VariableV2'),
      operation('v/Assign', 'Assign', ['v:0', 'shared:0']),
      operation('w', 'VariableV2'),
      operation('w/Assign', 'Assign', ['w:0', 'fed:0']),
      operation('y', 'Neg', ['shared:0']),
    );
    expect(labels(root)).toEqual(['fed', 'shared', 'v', 'w', 'y']);
  });

  it('draws a constant that one operation takes with it, and no other constant', () => {
    const { root, leaves } = of(
      operation('axis', 'Const'),
      operation('two', 'Const'),
      operation('unused', 'Const'),
      operation('y', 'Sum', ['two:0', 'axis:0']),
      operation('z', 'Neg', ['two:0']),
    );
    expect(labels(root)).toEqual(['two', 'unused', 'y', 'z']);
    expect(leaves.get('axis')?.id).toBe('y');
  });

  it('says what kind of thing a node is', () => {
    const { nodes, root } = hierarchyOf(trainedLine);
    const kinds = Object.fromEntries([...nodes].map(([id, { kind }]) => [id, kind]));
    expect(kinds).toMatchObject({
      x: 'placeholder',
      'line/': 'layer',
      'line/w': 'variable',
      'gradients/': 'gradients',
      'GradientDescent/': 'optimizer',
      loss: 'operation',
      loss_1: 'summary',
    });
    expect(root.kind).not.toBe('optimizer');
  });

  it('tells the model from what trains it, and from what initializes, saves and summarizes', () => {
    const { root } = hierarchyOf(trainedLine);
    const parts = Object.fromEntries(root.children.map(({ label, part }) => [label, part]));
    expect(parts).toEqual({
      x: 'model',
      line: 'model',
      loss: 'model',
      gradients: 'training',
      global_step: 'training',
      GradientDescent: 'training',
      loss_1: 'auxiliary',
      init: 'auxiliary',
      save: 'auxiliary',
    });
  });

  describe('finds what trains by what it does, not by its name:', () => {
    /** A program whose model and optimizer are in scopes. */
    const program = (model: string, training: string) =>
      of(
        operation(`${model}x`, 'Placeholder'),
        operation(`${model}w`, 'VariableV2'),
        operation(`${model}y`, 'Mul', [`${model}x:0`, `${model}w:0`]),
        operation(`${model}loss`, 'L2Loss', [`${model}y:0`]),
        operation(`${model}accuracy`, 'Equal', [`${model}y:0`, `${model}x:0`]),
        operation('step', 'VariableV2'),
        operation(`${training}gradients/loss_grad/Mul`, 'Mul', [`${model}y:0`]),
        operation(`${training}gradients/y_grad/Mul`, 'Mul', [`${model}x:0`, `${training}gradients/loss_grad/Mul:0`]),
        operation(`${training}m`, 'VariableV2'),
        operation(`${training}rate`, 'Exp', ['step:0']),
        operation(`${training}Adam/update`, 'ApplyAdam', [
          `${model}w:0`,
          `${training}m:0`,
          `${training}rate:0`,
          `${training}gradients/y_grad/Mul:0`,
        ]),
        operation(`${training}Adam`, 'AssignAdd', ['step:0', `^${training}Adam/update`]),
      ).root.children.map(({ label, part, kind }) => [label, part, kind]);

    it('a scope with the gradients, the updates and what these need', () => {
      expect(program('', 'optimization/')).toEqual([
        ['x', 'model', 'placeholder'],
        ['w', 'model', 'variable'],
        ['y', 'model', 'operation'],
        ['loss', 'model', 'operation'],
        ['accuracy', 'model', 'operation'],
        ['step', 'training', 'variable'],
        ['optimization', 'training', 'optimizer'],
      ]);
    });

    it('but no scope that holds the model, too', () => {
      expect(program('all/', 'all/')).toContainEqual(['all', 'model', 'layer']);
    });
  });

  it('sets a scope of summaries aside with what only reshapes for them, but not one that computes', () => {
    const { root } = of(
      operation('x', 'Placeholder'),
      operation('show/shape', 'Const'),
      operation('show/Reshape', 'Reshape', ['x:0', 'show/shape:0']),
      operation('show/image', 'ImageSummary', ['show/Reshape:0']),
      operation('accuracy/Mean', 'Mean', ['x:0']),
      operation('accuracy/scalar', 'ScalarSummary', ['accuracy/Mean:0']),
    );
    expect(root.children.map(({ label, part }) => [label, part])).toEqual([
      ['x', 'model'],
      ['show', 'auxiliary'],
      ['accuracy', 'model'],
    ]);
  });

  it('puts many operations of one type in one scope into a node that can be opened', () => {
    const many = Array.from({ length: 50 }, (_, i) => operation(`a/Neg_${i}`, 'Neg'));
    const { nodes } = of(...many, operation('a/Sum', 'Sum'));
    expect(labels(nodes.get('a/')!)).toEqual(['50 × Neg', 'Sum']);
    expect(nodes.get('a/')!.children[0]!.children).toHaveLength(50);
    const few = of(...many.slice(0, 10), operation('a/Sum', 'Sum'));
    expect(few.nodes.get('a/')?.children).toHaveLength(11);
  });

  describe('folds, in a long scope,', () => {
    /** A chain of operations, as long as it takes. */
    const rest = Array.from({ length: 8 }, (_, i) => operation(`Type${i}`, `Type${i}`));
    const families = ['in', 'out'].flatMap((layer) => [
      operation(`${layer}_weights/w`, 'VariableV2'),
      operation(`${layer}_weights/MatMul`, 'MatMul', [`${layer}_weights/w:0`]),
      operation(`${layer}_bias`, 'BiasAdd', [`${layer}_weights/MatMul:0`]),
      operation(`${layer}_act`, 'Relu', [`${layer}_bias:0`]),
    ]);

    it('what has the first word of its name in common into a layer, if there is a variable in it', () => {
      const words = ['show_loss', 'show_accuracy', 'show_rate'].map((name) => operation(name, 'Neg'));
      const { root, nodes } = of(...families, ...words, ...rest);
      expect(labels(root).slice(0, 5)).toEqual(['in', 'out', 'show_loss', 'show_accuracy', 'show_rate']);
      expect(labels(root.children[1]!)).toEqual(['out_weights', 'out_bias', 'out_act']);
      expect(root.children[1]).toMatchObject({ kind: 'layer', name: 'out' });
      expect(nodes.get('out_bias')?.parent?.parent).toBe(root);
    });

    it('blocks that hold the same and are counted', () => {
      const block = (name: string, type: string) => [
        operation(`${name}/MatMul`, 'MatMul'),
        operation(`${name}/act`, type, [`${name}/MatMul:0`]),
      ];
      const blocks = ['block', 'block_1', 'block_2', 'block_3', 'block_4', 'block_5'];
      const alike = of(...blocks.flatMap((name) => block(name, 'Relu')), ...rest);
      expect(labels(alike.root)[0]).toBe('6 × block');
      const different = of(...blocks.flatMap((name, i) => block(name, `Act${i}`)), ...rest);
      expect(labels(different.root).slice(0, 6)).toEqual(blocks);
    });

    it('but nothing where there is room', () => {
      expect(labels(of(...families).root)).toEqual(
        families.map(({ name }) => name.split('/')[0]).filter((name, i, all) => all.indexOf(name) === i),
      );
    });
  });

  it('knows a loop by what only loops have', () => {
    const { nodes } = of(
      operation('while/Merge', 'Merge', ['while/NextIteration:0']),
      operation('while/body/Add', 'Add', ['while/Merge:0']),
      operation('while/body/Mul', 'Mul', ['while/body/Add:0']),
      operation('while/NextIteration', 'NextIteration', ['while/body/Mul:0']),
    );
    expect(nodes.get('while/')?.kind).toBe('loop');
    expect(nodes.get('while/body/')?.kind).toBe('scope');
  });

  it('has the devices around the scopes where it is arranged by them', () => {
    const on = (device: string, name: string) => ({ ...operation(name, 'Neg'), device });
    const { root, nodes } = hierarchyOf(
      [on('/gpu:0', 'a/x'), on('/gpu:0', 'a/y'), on('/cpu:0', 'a/z'), on('/cpu:0', 'a/b/z'), on('', 'c')],
      'device',
    );
    expect(labels(root)).toEqual(['no device', '/cpu:0', '/gpu:0']);
    expect(root.children.map(labels)).toEqual([['c'], ['a'], ['a']]);
    expect(nodes.get('on /gpu:0: a/')).toMatchObject({ name: 'a', label: 'a' });
    expect(labels(nodes.get('on /cpu:0: a/')!)).toEqual(['z', 'b']);
  });

  it.each([
    ['in scopes of their own', (i: number) => operation(`op${i}x/y`, `T${i}`, i > 0 ? [`op${i - 1}x/y:0`] : [])],
    ['all alike', (i: number) => operation(`op${i}`, 'Neg', i > 0 ? [`op${i - 1}:0`] : [])],
    [
      'all variables',
      (i: number) => operation(`a/op${i}`, i % 2 ? 'VariableV2' : 'Neg', i > 0 ? [`a/op${i - 1}:0`] : []),
    ],
  ])('arranges 5,000 operations in a second or two, %s, so that no scope is too large to be seen', (_, make) => {
    const begin = performance.now();
    const { nodes } = hierarchyOf(Array.from({ length: 5000 }, (_, i) => make(i)));
    expect(performance.now() - begin).toBeLessThan(3000);
    expect(Math.max(...[...nodes.values()].map(({ children }) => children.length))).toBeLessThanOrEqual(150);
  });

  it('knows for every operation the node that it is drawn in', () => {
    const { leaves, root } = hierarchyOf(trainedLine);
    expect([...leaves.keys()].sort()).toEqual(trainedLine.map(({ name }) => name).sort());
    expect(root.operations).toHaveLength(trainedLine.length);
  });
});
