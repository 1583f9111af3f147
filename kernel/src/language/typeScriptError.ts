/** The compile error of a cell or module. */
export class TypeScriptError extends Error {
  override readonly name = 'TypeScriptError';
  /** All errors with their source lines, partly bold. */
  readonly report: string;

  constructor(message: string, report = message) {
    super(message);
    this.report = report;
  }
}
