/** Downloads a file over HTTP into memory, with a timeout and a limit on its size. */
import { DeadlineExceededError, ResourceExhaustedError, UnavailableError } from '../runtime/errors';

/** The progress of a download. */
export interface DownloadProgress {
  /** The address. */
  url: string;
  /** The number of bytes received. */
  receivedBytes: number;
  /** The total number of bytes, if the server provides it. */
  totalBytes: number | undefined;
}

/** Options of {@link download}. */
export interface DownloadOptions {
  /**
   * The maximum time without new bytes, in milliseconds.
   *
   * @defaultValue `10_000`
   */
  timeoutInMs?: number;
  /** Called when bytes have arrived. */
  onProgress?: (progress: DownloadProgress) => void;
}

/**
 * Downloads the bytes at `url`.
 *
 * @param limit the maximum number of bytes
 * @throws {UnavailableError} when the server can't be reached, doesn't answer with success, or closes the connection
 * early
 * @throws {DeadlineExceededError} when nothing arrives for `timeoutInMs`
 * @throws {ResourceExhaustedError} when there are more than `limit` bytes
 */
export async function download(
  url: string,
  limit: number,
  { timeoutInMs = 10_000, onProgress }: DownloadOptions = {},
): Promise<Uint8Array> {
  const controller = new AbortController();
  const giveUp = () =>
    controller.abort(new DeadlineExceededError(`${url}: nothing arrived for ${timeoutInMs / 1000} seconds`));
  let timer = setTimeout(giveUp, timeoutInMs);
  const chunks: Uint8Array[] = [];
  let receivedBytes = 0;
  try {
    const response = await fetch(url, { signal: controller.signal });
    if (!response.ok || !response.body) throw new UnavailableError(`${url}: the server answered ${response.status}`);
    const totalBytes = Number(response.headers.get('content-length')) || undefined;
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, timeoutInMs);
      receivedBytes += chunk.length;
      if (receivedBytes > limit) throw new ResourceExhaustedError(`${url}: expected at most ${limit} bytes, more came`);
      chunks.push(chunk);
      onProgress?.({ url, receivedBytes, totalBytes });
    }
  } catch (error) {
    // Errors of `fetch` itself say "fetch failed" or "terminated"; the reason is their cause.
    if (error instanceof TypeError && error.cause) throw new UnavailableError(`${url}: ${reason(error)}`);
    throw error;
  } finally {
    clearTimeout(timer);
    // Closes the connection if the body was not read to its end.
    controller.abort();
  }
  return Buffer.concat(chunks);
}

function reason({ message, cause }: Error): string {
  if (!(cause instanceof Error)) return message;
  // Node tries every address of a host and reports the failures together, without a message.
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  return first instanceof Error ? first.message : message;
}
