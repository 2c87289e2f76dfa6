/**
 * Resolves with the first SIGTERM or SIGINT. Later ones are ignored: Ctrl-C reaches both this process and its launcher,
 * which forwards it, and a second signal without a listener would end the process in the middle of its responses.
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
