import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { FuzzCase } from './case.js';

/** A response as received. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/**
 * Posts a body with any headers and reads the whole response.
 *
 * @throws Error if there is no response
 */
export function send(url: string, { path, headers, body }: FuzzCase, agent: Agent): Promise<RawAnswer> {
  const length = 'transfer-encoding' in headers ? {} : { 'content-length': String(body.length) };
  return new Promise((resolve, reject) => {
    const sent = request(url + path, { method: 'POST', agent, headers: { ...length, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
