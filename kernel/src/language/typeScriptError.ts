/** A cell, or a module, that doesn't compile. */
export class TypeScriptError extends Error {
  override readonly name = 'TypeScriptError';
  /** All objections with the lines that they concern, parts of them bold. */
  readonly report: string;

  constructor(message: string, report = message) {
    super(message);
    this.report = report;
  }
}
