/** Reads a Server-Timing header: `decode1;dur=8.7, compare;dur=0.1`. */
export function readServerTiming(header: string): Map<string, number> {
  return new Map(
    [...header.matchAll(/([\w-]+);dur=([\d.]+)/g)].map(([, stage, ms]): [string, number] => [stage, Number(ms)]),
  );
}
