/**
 * Resolves with the first SIGTERM or SIGINT. Later ones change nothing: Ctrl-C reaches this process and its launcher, which
 * passes it on, and a second signal without a listener would end the process in the middle of its answers.
 */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        resolve();
      });
    }
  });
}
