/**
 * Doc comments, which are read when somebody asks for one. Two thirds of the text of Node's types and of the library's are comments; to parse
 * them takes longer than to parse all else, and of what they say the checker needs nothing.
 */
import type * as TypeScript from 'typescript-6.0';
import { ts } from './compiler';

/** How files are to be parsed whose comments are read later. Those of JavaScript have types in them. */
export const WITHOUT_COMMENTS = ts.JSDocParsingMode.ParseForTypeInfo;

type File = TypeScript.SourceFile & { readonly jsDocParsingMode?: TypeScript.JSDocParsingMode };
type Documented = TypeScript.Node & { jsDoc?: TypeScript.JSDoc[] };

/** Whether comments are read where they haven't been. */
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
    if (value === undefined) return; // as every node begins
    Object.defineProperty(this, 'jsDoc', { configurable: true, enumerable: true, writable: true, value });
  },
});

/** Calls what asks for comments. */
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
