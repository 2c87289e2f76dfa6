import cluster, { type Worker } from 'node:cluster';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ProviderDecision } from '#inference';
import { nativeEnvironmentOfProcess } from '../config/native-environment.js';
import type { Settings } from '../config/settings.js';
import { Backoff } from './backoff.js';
import { Conversation } from './conversation.js';
import { closeHandedOver } from './handed-over.js';
import { countInMemory } from './rate-counter.js';
import { type ProcessMetrics, ServiceMetrics } from './service-metrics.js';
import type { Share } from './shares.js';
import type { ProcessReport, ServiceReport } from './whole-service.js';

export interface PrimaryOptions {
  readonly settings: Settings;
  readonly provider: ProviderDecision;
  /** Number of service processes. */
  readonly processes: number;
  readonly logger: Logger;
  /** The program of a service process. */
  readonly program: string;
}

/** What the primary tells a service process first. */
export interface Assignment {
  readonly share: Share;
  readonly provider: ProviderDecision;
}

/** What a service process tells when it listens. */
export interface Listening {
  readonly port: number;
  /** Its models and where they run. */
  readonly models: string;
  readonly workers: number;
}

/** A service process. */
interface Child {
  readonly share: Share;
  readonly worker: Worker;
  readonly pid: number;
  readonly conversation: Conversation;
  /** By `performance.now()`. */
  readonly startedAt: number;
  readonly ended: Promise<void>;
  /** Set once it listens. */
  listening?: Listening;
  /** Why it could not start. */
  failure?: string;
}

const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** How long a process may take to report, in milliseconds. */
const REPORT_TIMEOUT_MS = 2_000;

/** How long processes may take to end after the shutdown timeout, in milliseconds; then they are killed. */
const END_TIMEOUT_MS = 10_000;

/** The status of a process that was ended by a signal is this plus the signal's number, as in a shell. */
const SIGNAL_STATUS = 128;

/**
 * Runs the service as several processes that share its port (node:cluster), each with its share of the workers. This
 * process loads no models and reads no requests: it accepts connections and hands them to the processes in turn, adds
 * up what they report, and replaces those that die.
 */
export class Primary {
  readonly #children = new Set<Child>();
  readonly #metrics = new ServiceMetrics();
  readonly #countRequest = countInMemory();
  readonly #started = deferred();
  readonly #allLoaded = deferred();
  #loaded = 0;
  #isStarting = true;
  #isStopping = false;
  /** The highest of the processes' exit statuses. */
  #exitStatus = 0;

  private constructor(private readonly options: PrimaryOptions) {}

  /**
   * Starts the processes and waits until all of them listen. None does before the models of all are loaded.
   *
   * @throws Error with one line, the first process's reason, if one of them fails to start; the others are then stopped
   */
  static async start(options: PrimaryOptions): Promise<Primary> {
    const primary = new Primary(options);
    // Nobody is served yet, so a signal ends a service that is still loading, as it ends one of a single process.
    const abandon = (signal: NodeJS.Signals): void => {
      primary.#killAll();
      process.kill(process.pid, signal);
    };
    for (const signal of STOP_SIGNALS) process.once(signal, abandon);
    try {
      cluster.setupPrimary({ exec: options.program, serialization: 'advanced' });
      const of = options.processes;
      for (let index = 0; index < of; index++) primary.#fork({ index, of }, new Backoff());
      await primary.#started.promise;
    } catch (error) {
      primary.#isStopping = true;
      primary.#killAll();
      throw error;
    } finally {
      for (const signal of STOP_SIGNALS) process.off(signal, abandon);
    }
    primary.#isStarting = false;
    return primary;
  }

  /** What the processes told when they began to listen. */
  get listening(): readonly Listening[] {
    return this.#listeningChildren.flatMap(({ listening }) => (listening === undefined ? [] : [listening]));
  }

  /**
   * Has every process finish its requests, and waits until all have ended.
   *
   * @returns the exit status: 0 if every request was answered, otherwise the highest of the processes'
   */
  async stop(): Promise<number> {
    this.#isStopping = true;
    const { drainDelayMs, shutdownTimeoutMs } = this.options.settings;
    const children = [...this.#children];
    for (const { worker } of children) worker.process.kill('SIGTERM');
    const kill = setTimeout(
      () => {
        this.#killAll();
      },
      drainDelayMs + shutdownTimeoutMs + END_TIMEOUT_MS,
    );
    await Promise.all(children.map(({ ended }) => ended));
    clearTimeout(kill);
    return this.#exitStatus;
  }

  get #listeningChildren(): Child[] {
    return [...this.#children].filter(({ listening }) => listening !== undefined);
  }

  #killAll(): void {
    for (const { worker } of this.#children) worker.process.kill('SIGKILL');
  }

  #fork(share: Share, backoff: Backoff): void {
    const worker = cluster.fork(nativeEnvironmentOfProcess(share.of));
    closeHandedOver(worker.process);
    let onEnded: () => void = () => undefined;
    const child: Child = {
      share,
      worker,
      pid: worker.process.pid ?? 0,
      conversation: new Conversation(worker, {
        assignment: (): Assignment => ({ share, provider: this.options.provider }),
        loaded: () => this.#childLoaded(),
        listening: (listening) => {
          child.listening = listening as Listening;
          if (this.#listeningChildren.length === share.of) this.#started.resolve();
        },
        failed: (reason) => {
          child.failure = String(reason);
        },
        report: () => this.#report(),
        metrics: () => this.#addUpMetrics(),
        countRequest: (caller) => this.#countRequest(String(caller)),
      }),
      startedAt: performance.now(),
      ended: new Promise((resolve) => (onEnded = resolve)),
    };
    this.#children.add(child);
    worker.once('exit', (code: number | null, signal: NodeJS.Signals | null) => {
      this.#childEnded(child, code ?? SIGNAL_STATUS + constants.signals[signal ?? 'SIGKILL'], backoff);
      onEnded();
    });
  }

  async #childLoaded(): Promise<void> {
    this.#loaded++;
    if (this.#loaded === this.options.processes) this.#allLoaded.resolve();
    await this.#allLoaded.promise;
  }

  #childEnded(child: Child, status: number, backoff: Backoff): void {
    const { share, pid, conversation, startedAt, listening, failure = `it ended with status ${status}` } = child;
    this.#children.delete(child);
    conversation.close();
    if (this.#isStopping) {
      if (listening !== undefined) this.#exitStatus = Math.max(this.#exitStatus, status);
    } else if (this.#isStarting) {
      this.#started.reject(
        new Error(child.failure ?? `A service process ended with status ${status} while it started`),
      );
    } else {
      const waitMs = backoff.next(performance.now() - startedAt);
      this.options.logger.error({ process: pid, reason: failure, restart_in_ms: waitMs }, 'service process lost');
      this.#metrics.processDied(pid);
      setTimeout(() => {
        if (!this.#isStopping) this.#fork(share, backoff);
      }, waitMs);
    }
  }

  async #report(): Promise<ServiceReport> {
    const reports = await this.#askAll<ProcessReport>('report');
    const told = reports.filter((report) => typeof report === 'object');
    return {
      processes: told.length,
      workers: told.reduce((sum, { workers }) => sum + workers, 0),
      healthy: told.length === this.options.processes && told.every(({ healthy }) => healthy),
      stuck: reports.includes('late') || told.some(({ stuck }) => stuck),
    };
  }

  async #addUpMetrics(): Promise<string> {
    await this.#askAll<ProcessMetrics>('metrics', ({ pid }, metrics) => {
      this.#metrics.keep(pid, metrics);
    });
    return this.#metrics.text(this.#listeningChildren.length);
  }

  /**
   * Asks every process that listens.
   *
   * @param told called with each answer as soon as it arrives
   * @returns the answers; `late` for a process that does not answer in time, `gone` for one that has just ended
   */
  #askAll<T extends object>(
    question: string,
    told?: (child: Child, answer: T) => void,
  ): Promise<(T | 'late' | 'gone')[]> {
    const late = delay(REPORT_TIMEOUT_MS, 'late' as const, { ref: false });
    return Promise.all(
      this.#listeningChildren.map((child) => {
        const answer = child.conversation.ask<T>(question).then(
          (value) => {
            told?.(child, value);
            return value;
          },
          () => 'gone' as const,
        );
        return Promise.race([answer, late]);
      }),
    );
  }
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A promise and its ends. */
function deferred(): Deferred {
  let [resolve, reject]: [() => void, (error: Error) => void] = [() => undefined, () => undefined];
  const promise = new Promise<void>((onResolve, onReject) => {
    [resolve, reject] = [onResolve, onReject];
  });
  return { promise, resolve, reject };
}
