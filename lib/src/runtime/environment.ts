/** Failures of the environment rather than of the program: a full disk, missing permissions, too many open files. */
import { PermissionDeniedError, ResourceExhaustedError } from './errors';
import { FolderInUseError } from './folderLock';

const CODES = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EACCES', 'EPERM', 'EROFS', 'EIO'];

/** Typical words of such messages, for errors that contain nothing else. */
const WORDS = new RegExp(
  `\\b(?:${CODES.join('|')})\\b|no space left on device|disk quota exceeded|file too large|too many open files|cannot allocate memory|read-only file system|input/output error|out of memory|bad_alloc`,
  'i',
);

/** Whether an error, or its cause, comes from the environment; another attempt may then succeed. */
export function isEnvironmental(error: unknown): boolean {
  if (error instanceof ResourceExhaustedError || error instanceof PermissionDeniedError) return true;
  if (error instanceof FolderInUseError) return true;
  if (!(error instanceof Error)) return false;
  const { code, message, cause } = error as NodeJS.ErrnoException;
  return CODES.includes(code ?? '') || WORDS.test(message) || isEnvironmental(cause);
}
