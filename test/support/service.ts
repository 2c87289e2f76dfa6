import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativeEnvironment } from '../../apps/api/src/config/native-environment.js';
import { PACKAGE_ROOT } from '../../apps/api/src/package-root.js';
import { jsonBody } from './bodies.js';

/** The bytes of a bundled photograph. */
export const photograph = (name: string): Buffer => readFileSync(join(PACKAGE_ROOT, 'test/photographs', name));

/** A response, read completely. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed if it is JSON. */
  readonly body: Record<string, unknown>;
}

/** The real service in its own process, on a free port. */
export class Service {
  /** Everything it has printed. */
  output = '';
  /** Where it listens. */
  url = '';

  private constructor(readonly process: ChildProcess) {}

  /**
   * Starts the built service and waits until it reports its URL.
   *
   * @param program another program in place of {@link MAIN}
   */
  static async start(env: Record<string, string> = {}, program = MAIN): Promise<Service> {
    const child = spawnService({ PORT: '0', NODE_ENV: 'production', ...env }, program);
    const service = new Service(child);
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        service.output += chunk.toString();
        // Once the URL is known, further output is only stored: a benchmark prints thousands of lines.
        if (service.url !== '') return;
        service.url = /http:\/\/localhost:\d+/.exec(service.output)?.[0].replace('localhost', '127.0.0.1') ?? '';
        if (service.url !== '') resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', () => {
        reject(new Error(`the service stopped: ${service.output}`));
      });
    });
    return service;
  }

  get pid(): number {
    if (this.process.pid === undefined) throw new Error('the service did not start');
    return this.process.pid;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGTERM');
    await once(this.process, 'exit');
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return toAnswer(await fetch(this.url + path, { headers }));
  }

  /** Posts a body unchanged, as JSON unless `headers` say otherwise. */
  async post(
    path: string,
    body: NonNullable<RequestInit['body']>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const sent = { 'content-type': 'application/json', ...headers };
    return toAnswer(await fetch(this.url + path, { method: 'POST', body, headers: sent }));
  }

  /** Compares two photographs, sent as JSON. */
  compare(path: string, image1: Buffer, image2: Buffer, more: Record<string, unknown> = {}): Promise<Answer> {
    return this.post(path, jsonBody(image1, image2, more));
  }

  /** Compares two photographs, sent as a form. */
  async compareForm(path: string, files: Record<string, Buffer>, fields: Record<string, string> = {}): Promise<Answer> {
    const form = new FormData();
    for (const [name, bytes] of Object.entries(files))
      form.append(name, new Blob([new Uint8Array(bytes)]), `${name}.jpg`);
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    return toAnswer(await fetch(this.url + path, { method: 'POST', body: form }));
  }
}

/** Runs the built service until it exits, for settings that it must reject. */
export async function runToExit(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawnService({ PORT: '0', ...env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, output };
}

/** The built service, from the repository’s root. */
export const MAIN = 'dist/apps/api/src/main.js';

/**
 * Working directory and environment for spawning {@link MAIN}: listens on 127.0.0.1 only, and inherits nothing but
 * PATH.
 */
export const spawnOptions = (env: Record<string, string>): { cwd: string; env: NodeJS.ProcessEnv } => ({
  cwd: PACKAGE_ROOT,
  env: nativeEnvironment({ PATH: process.env['PATH'], HOST: '127.0.0.1', ...env }),
});

const spawnService = (env: Record<string, string>, program = MAIN) =>
  spawn(process.execPath, [program], { ...spawnOptions(env), stdio: ['ignore', 'pipe', 'pipe'] });

async function toAnswer(response: Response): Promise<Answer> {
  return readAnswer(response.status, response.headers, await response.text());
}

/** Assembles a response, with its body parsed if it is JSON. */
export function readAnswer(status: number, headers: Headers, text: string): Answer {
  const isJson = headers.get('content-type')?.includes('json') ?? false;
  return { status, headers, body: isJson ? (JSON.parse(text) as Record<string, unknown>) : { text } };
}
