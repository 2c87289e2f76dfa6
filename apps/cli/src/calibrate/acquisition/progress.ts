import cliProgress, { type SingleBar } from 'cli-progress';

/** Between two lines where the output is no terminal, in milliseconds. */
const LINE_EVERY_MS = 10_000;

/** Shows how far a run has got, and an estimate of the time left, on the standard error. */
export class Progress {
  readonly #bar: SingleBar;

  /**
   * @param total number of steps
   * @param what they are, in the plural
   */
  constructor(total: number, what: string) {
    this.#bar = new cliProgress.SingleBar({
      format: (options, { progress, value, eta }) => {
        // Before the first step, nothing is known about the time.
        const left = value === 0 ? '' : `, ${cliProgress.Format.TimeFormat(eta, options, 1)} left`;
        return `${cliProgress.Format.BarFormat(progress, options)} ${value}/${total} ${what}${left}`;
      },
      stream: process.stderr,
      noTTYOutput: true,
      notTTYSchedule: LINE_EVERY_MS,
      hideCursor: true,
      gracefulExit: false,
    });
    this.#bar.start(total, 0);
  }

  step(): void {
    this.#bar.increment();
  }

  stop(): void {
    this.#bar.stop();
  }
}
