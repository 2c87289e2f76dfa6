import { type IncomingMessage, request } from 'node:http';
import { type Answer, readAnswer } from './service.js';

/** Sends a request that `fetch` would not: any header, any bytes, any claimed length. */
export function rawPost(
  url: string,
  headers: Record<string, string>,
  body: string | Buffer,
  { end = true }: { readonly end?: boolean } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers }, (response) => {
      onAnswer(response, (answer) => {
        resolve(answer);
        sent.destroy();
      });
    });
    sent.on('error', reject);
    sent.write(body);
    if (end) sent.end();
  });
}

/**
 * Sends a request with `Expect: 100-continue`.
 *
 * @returns the response, and whether the body was asked for
 */
export function askThenPost(
  url: string,
  headers: Record<string, string>,
  body: string | Buffer,
): Promise<{ answer: Answer; asked: boolean }> {
  return new Promise((resolve, reject) => {
    let asked = false;
    const length = String(Buffer.byteLength(body));
    const options = { method: 'POST', headers: { ...headers, 'content-length': length, expect: '100-continue' } };
    const sent = request(url, options, (response) => {
      onAnswer(response, (answer) => {
        resolve({ answer, asked });
        sent.destroy();
      });
    });
    sent.on('error', reject);
    sent.on('continue', () => {
      asked = true;
      sent.end(body);
    });
    sent.flushHeaders();
  });
}

/** Calls back with a response once it has been read completely. */
function onAnswer(response: IncomingMessage, tell: (answer: Answer) => void): void {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('end', () => {
    const headers = new Headers(response.headers as Record<string, string>);
    tell(readAnswer(response.statusCode ?? 0, headers, Buffer.concat(chunks).toString()));
  });
}
