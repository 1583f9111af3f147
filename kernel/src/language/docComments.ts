/**
 * Parses doc comments on demand. Two thirds of the text of Node's and the library's declarations are comments; parsing
 * them takes longer than parsing the rest, and the checker doesn't need them.
 */
import type * as TypeScript from 'typescript-6.0';
import { ts } from './compiler';

/** The parse mode for files whose comments are parsed later. JavaScript's comments contain types, so they are kept. */
export const WITHOUT_COMMENTS = ts.JSDocParsingMode.ParseForTypeInfo;

type File = TypeScript.SourceFile & { readonly jsDocParsingMode?: TypeScript.JSDocParsingMode };
type Documented = TypeScript.Node & { jsDoc?: TypeScript.JSDoc[] };

/** Whether missing comments are parsed now. */
let isReading = false;

Object.defineProperty(ts.objectAllocator.getNodeConstructor().prototype, 'jsDoc', {
  configurable: true,
  get(this: Documented) {
    if (!isReading) return undefined;
    const found = commentsOf(this);
    this.jsDoc = found;
    return found;
  },
  set(this: Documented, value) {
    if (value === undefined) return; // every node is initialized like this
    Object.defineProperty(this, 'jsDoc', { configurable: true, enumerable: true, writable: true, value });
  },
});

/** Runs code that needs comments. */
export function withComments<T>(ask: () => T): T {
  isReading = true;
  try {
    return ask();
  } finally {
    isReading = false;
  }
}

function commentsOf(node: TypeScript.Node): TypeScript.JSDoc[] | undefined {
  const file: File | undefined = ts.getSourceFileOfNode(node);
  if (!isUnread(file) || !ts.canHaveJSDoc(node)) return undefined;
  const found = (ts.getJSDocCommentRanges(node, file.text) ?? []).flatMap(({ pos, end }) => {
    const { jsDoc } = ts.parseIsolatedJSDocComment(file.text, pos, end - pos) ?? {};
    return jsDoc ? Object.assign(jsDoc, { parent: node }) : [];
  });
  return found.length > 0 ? found : undefined;
}

const isUnread = (file: File | undefined): file is File =>
  file?.jsDocParsingMode === WITHOUT_COMMENTS && file.isDeclarationFile;
