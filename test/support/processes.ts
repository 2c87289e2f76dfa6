import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { type Answer, readAnswer, type Service } from './service.js';

/** The process ids of a service's processes, in the order of their start. Linux only. */
export const processesOf = ({ pid }: Service): number[] => childrenOf(pid);

export const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

/** The number of sockets that a process has open. Linux only. */
export function socketsOf(pid: number): number {
  const isSocket = (fd: string): boolean => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:');
    } catch {
      // Closed meanwhile.
      return false;
    }
  };
  return readdirSync(`/proc/${pid}/fd`).filter(isSocket).length;
}

/**
 * Sends a request on a connection of its own: the primary gives each process its connections in turn, and a connection
 * stays with its process.
 *
 * @param body JSON to post; without one, the request is a GET
 */
export function askAnew({ url }: Service, path: string, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const sent = request(url + path, { method: body === undefined ? 'GET' : 'POST', headers, agent: new Agent() });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => {
        const received = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
        resolve(readAnswer(response.statusCode ?? 0, received, text));
      });
    });
    sent.end(body);
  });
}
