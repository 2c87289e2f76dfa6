import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ExecutionProvider } from '#face';

/** The configured execution provider. */
export type WantedProvider = 'auto' | ExecutionProvider;

/** A provider that may or may not be available. */
export type ProbedProvider = Exclude<ExecutionProvider, 'cpu'>;

/** The answer of the probe process. */
export type ProbeAnswer = { readonly usable: true } | { readonly usable: false; readonly reason: string };

/** The provider to use. */
export interface ProviderDecision {
  readonly provider: ExecutionProvider;
  /** Why an existing GPU is not used; undefined if it is, or if there is none. */
  readonly fallbackReason?: string;
}

export interface ProviderChoice {
  readonly wanted: WantedProvider;
  /** The path of P-net, the smallest model, with which to probe a provider. */
  readonly probeModel: string;
  /** Whether this machine has an NVIDIA GPU. */
  readonly hasNvidiaGpu?: () => boolean;
  /** The program that probes a provider. */
  readonly probe?: URL;
  /** Its timeout in milliseconds. */
  readonly timeoutMs?: number;
}

/** Loading CUDA's libraries from a slow disk takes seconds. */
const PROBE_TIMEOUT_MS = 30_000;

const CUDA_LIBRARY = 'libonnxruntime_providers_cuda.so';

/** Maximum length of the probe's output that is used, in characters. */
const MAX_OUTPUT = 20_000;

/**
 * Chooses the execution provider, once, before this process loads any model.
 *
 * `auto` uses CUDA if there is an NVIDIA GPU and the provider works, otherwise the CPU. WebGPU is only used on request.
 * A machine without a GPU loses no time: nothing is probed there.
 *
 * @throws Error with a one-line reason, if the requested provider is not available
 */
export async function chooseProvider(choice: ProviderChoice): Promise<ProviderDecision> {
  const { wanted, hasNvidiaGpu = nvidiaGpuExists } = choice;
  if (wanted === 'cpu' || (wanted === 'auto' && !hasNvidiaGpu())) return { provider: 'cpu' };
  const provider = wanted === 'auto' ? 'cuda' : wanted;
  const answer = await probeProvider(provider, choice);
  if (answer.usable) return { provider };
  const reason = oneLine(answer.reason);
  if (wanted !== 'auto') throw new Error(`EXECUTION_PROVIDER=${wanted} is not available: ${reason} (docs/gpu.md)`);
  return { provider: 'cpu', fallbackReason: `the NVIDIA GPU is not used: ${reason} (docs/gpu.md)` };
}

/** NVIDIA's driver creates the first of these devices, the Windows Subsystem for Linux the second. */
function nvidiaGpuExists(): boolean {
  return ['/dev/nvidiactl', '/dev/dxg'].some((device) => existsSync(device));
}

async function probeProvider(provider: ProbedProvider, choice: ProviderChoice): Promise<ProbeAnswer> {
  const { probe = new URL('./provider-probe.js', import.meta.url), timeoutMs = PROBE_TIMEOUT_MS, probeModel } = choice;
  const answer = await runProbe(probe, [provider, probeModel], timeoutMs);
  if (answer.usable || provider !== 'cuda' || existsSync(cudaLibrary())) return answer;
  return { usable: false, reason: `${CUDA_LIBRARY} is not installed` };
}

/** ONNX Runtime looks for its providers next to its binding. */
function cudaLibrary(): string {
  const packageFile = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return join(dirname(packageFile), 'bin/napi-v6', process.platform, process.arch, CUDA_LIBRARY);
}

/** Runs the probe in a separate process. Always resolves, whatever happens to the process. */
function runProbe(probe: URL, args: readonly string[], timeoutMs: number): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const child = fork(probe, args, { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let output = '';
    let told: unknown;
    const fail = (reason: string): void => {
      clearTimeout(timer);
      resolve({ usable: false, reason });
    };
    const timer = setTimeout(() => {
      fail(`trying it out took longer than ${timeoutMs} ms`);
      child.kill('SIGKILL');
      // A process that hangs in a driver may survive even that; it must not keep this one from exiting.
      child.unref();
      child.stderr?.destroy();
      if (child.connected) child.disconnect();
    }, timeoutMs);
    child.stderr?.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-MAX_OUTPUT)));
    child.once('message', (message) => {
      told = message;
      // Its exit is not awaited, since a driver may hang there.
      child.kill('SIGKILL');
    });
    child.once('error', (error) => {
      fail(error.message);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (!isProbeAnswer(told)) fail(`trying it out ended with ${signal ?? `exit status ${code}`} and no answer`);
      else if (told.usable) resolve(told);
      else fail(missingLibrary(output) ?? told.reason);
    });
  });
}

function isProbeAnswer(message: unknown): message is ProbeAnswer {
  if (typeof message !== 'object' || message === null || !('usable' in message)) return false;
  return message.usable === true || ('reason' in message && typeof message.reason === 'string');
}

/** The runtime's error only says that a library failed to load; which one, and why, is printed. */
function missingLibrary(output: string): string | undefined {
  return /Failed to load library \S+ with error: (.+)/.exec(output)?.[1];
}

/** The runtime's messages have several lines, mostly source locations. */
function oneLine(reason: string): string {
  const said = /CU\w+ failure \d+: [^;]+/.exec(reason)?.[0] ?? reason.replace(/^.* was false\. /s, '');
  return said.replace(/\s+/g, ' ').trim();
}
