/** How much a cell prints of all that it prints: a page is blocked for minutes by a million lines. */

/** So many lines of a cell are shown. */
export const MAX_LINES = 50_000;
/** And so many characters. */
export const MAX_CHARACTERS = 10e6;

export class OutputLimit {
  #lines = 0;
  #characters = 0;
  /** Of a line. */
  #isAtStart = true;
  #linesLeftOut = 0;
  #charactersLeftOut = 0;

  /** What is shown of a text that a cell prints. */
  take(text: string): string {
    if (this.#charactersLeftOut > 0) return this.#leaveOut(text);
    const lines = countLines(text);
    if (this.#lines + lines <= MAX_LINES && this.#characters + text.length <= MAX_CHARACTERS) {
      this.#lines += lines;
      this.#characters += text.length;
      if (text !== '') this.#isAtStart = text.endsWith('\n');
      return text;
    }
    const end = Math.min(endOfLine(text, MAX_LINES - this.#lines), MAX_CHARACTERS - this.#characters);
    this.#leaveOut(text.slice(end));
    const shown = text.slice(0, end);
    const isAtStart = shown === '' ? this.#isAtStart : shown.endsWith('\n');
    return `${shown}${isAtStart ? '' : '\n'}… this cell prints more than is shown of one\n`;
  }

  /** Says, at a cell's end, how much was left out since the last time, and how to have it all; '' where nothing was. */
  summary(): string {
    if (this.#charactersLeftOut === 0) return '';
    const [lines, characters] = [this.#linesLeftOut, this.#charactersLeftOut].map((count) =>
      count.toLocaleString('en'),
    );
    return `… ${lines} more lines (${characters} characters) are left out. A file takes them all: fs.appendFileSync('out.txt', text)\n`;
  }

  #leaveOut(text: string): string {
    this.#linesLeftOut += countLines(text);
    this.#charactersLeftOut += text.length;
    return '';
  }
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

/** Where in a text a number of lines end. */
function endOfLine(text: string, lines: number): number {
  let at = 0;
  for (let line = 0; line < lines; line++) {
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return at;
}
