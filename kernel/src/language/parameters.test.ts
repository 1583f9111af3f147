import { describe, expect, it } from 'vitest';
import { translatedParameters } from './parameters';

describe("papermill's parameters", () => {
  it('are read as it writes them in Python', () => {
    const python = String.raw`# Parameters
rate = 1e-05
layers = [128, -64.5]
name = "gr\xfc\xdfe \U0001f642 \"x\" \\n\n # no comment"
flags = {"deep": True, "none": None, 'list': [False, {}]}
far = float('-inf')
nothing = float("nan")
long = [
    "a",
    "b",
]
`;
    const values = new Function(
      `${translatedParameters(python)}; return [rate, layers, name, flags, far, nothing, long];`,
    )();
    expect(values).toEqual([
      1e-5,
      [128, -64.5],
      'grüße 🙂 "x" \\n\n # no comment',
      { deep: true, none: null, list: [false, {}] },
      Number.NEGATIVE_INFINITY,
      Number.NaN,
      ['a', 'b'],
    ]);
    expect(translatedParameters('# Parameters\nx = 1\n')).toBe('// Parameters\nvar x = 1\n');
    expect(translatedParameters('# Parameters\n')).toBe('// Parameters\n');
  });

  it('are nothing else', () => {
    for (const source of [
      'x = 1',
      '// Parameters\nx = 1',
      '# Parameters\nimport os',
      '# Parameters\nx = f(1)',
      '# Parameters\nx == 1',
    ])
      expect(translatedParameters(source), source).toBeUndefined();
  });
});
