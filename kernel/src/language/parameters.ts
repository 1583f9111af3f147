/**
 * Parameters of notebooks executed by papermill. papermill writes them into a cell in one of the languages that it
 * supports, which don't include TypeScript. With `papermill --language python` they are written in Python, which this
 * module translates.
 */

/** The first line of papermill's cell. */
const HEAD = '# Parameters\n';

const TOKEN =
  /(?<comment>#[^\n]*)|(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<number>float\(['"]-?(?:inf|nan)['"]\)|-?\d[\d.]*(?:e[+-]?\d+)?)|(?<constant>\b(?:True|False|None)\b)|(?<name>^[A-Za-z_]\w*(?= *=[^=]))|[[\]{},:=\s]/gmy;

/** Translates papermill's parameter cell into TypeScript, line by line; undefined for any other cell. */
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
  // `var`, since the cell with the default may declare a constant.
  return groups.name ? `var ${token}` : token;
}

const numbers: Record<string, string> = { '(inf)': 'Infinity', '(-inf)': '-Infinity', '(nan)': 'NaN' };
const constants: Record<string, string> = { True: 'true', False: 'false', None: 'null' };
const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t' };

/** Decodes Python's escape sequences. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(?:x(\w{2})|u(\w{4})|U(\w{8})|(.))/g, (_, ...[x, u, wide, other]) => {
    const code = x ?? u ?? wide;
    return code === undefined ? (escapes[other] ?? other) : String.fromCodePoint(Number.parseInt(code, 16));
  });
}
