/**
 * The parameters of a notebook that papermill runs. It writes them into a cell of their own, in the languages that it knows, of which
 * TypeScript is none; so `papermill --language python` has them be Python's, and this kernel reads that.
 */

/** What papermill's cell begins with. */
const HEAD = '# Parameters\n';

const TOKEN =
  /(?<comment>#[^\n]*)|(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<number>float\(['"]-?(?:inf|nan)['"]\)|-?\d[\d.]*(?:e[+-]?\d+)?)|(?<constant>\b(?:True|False|None)\b)|(?<name>^[A-Za-z_]\w*(?= *=[^=]))|[[\]{},:=\s]/gmy;

/** The TypeScript of papermill's parameters, line by line; undefined for a cell that is something else. */
export function translatedParameters(source: string): string | undefined {
  if (!source.startsWith(HEAD)) return undefined;
  const tokens = [...source.matchAll(TOKEN)];
  const end = tokens.at(-1)!;
  if (end.index + end[0].length < source.length) return undefined;
  return tokens.map(translated).join('');
}

function translated({ 0: token, groups = {} }: RegExpMatchArray): string {
  if (groups.comment) return `//${token.slice(1)}`;
  if (groups.text) return JSON.stringify(unescaped(token.slice(1, -1)));
  if (groups.number) return numbers[token.replaceAll(/["']|float/g, '')] ?? token;
  if (groups.constant) return constants[token]!;
  // A parameter may be a constant in the cell that has its default.
  return groups.name ? `var ${token}` : token;
}

const numbers: Record<string, string> = { '(inf)': 'Infinity', '(-inf)': '-Infinity', '(nan)': 'NaN' };
const constants: Record<string, string> = { True: 'true', False: 'false', None: 'null' };
const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t' };

/** What Python's escapes stand for. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(?:x(\w{2})|u(\w{4})|U(\w{8})|(.))/g, (_, ...[x, u, wide, other]) => {
    const code = x ?? u ?? wide;
    return code === undefined ? (escapes[other] ?? other) : String.fromCodePoint(Number.parseInt(code, 16));
  });
}
