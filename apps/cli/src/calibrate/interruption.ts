import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The user, or the system, wants the run to end. */
export class Interrupted extends Error {
  constructor(private readonly reason: (typeof SIGNALS)[number]) {
    super('stopped; nothing was written');
    this.name = 'Interrupted';
  }

  /** As a shell reports the end of a program by this signal. */
  get exitStatus(): number {
    return 128 + constants.signals[this.reason];
  }
}

/**
 * Runs some work that a first Ctrl-C or SIGTERM ends in order, by its signal. A second one, or one after the work, ends
 * the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => {
    controller.abort(new Interrupted(signal === 'SIGTERM' ? 'SIGTERM' : 'SIGINT'));
  };
  for (const signal of SIGNALS) process.once(signal, interrupt);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}
