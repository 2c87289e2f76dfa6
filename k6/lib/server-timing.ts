import { Trend } from 'k6/metrics';

/** What the service does for each photograph, in order. */
const STAGES = ['queue', 'decode', 'detect', 'crop', 'embed'] as const;

const trends = new Map<string, Trend>([
  ...STAGES.map((stage): [string, Trend] => [stage, new Trend(`stage_${stage}`, true)]),
  ['total', new Trend('service_total', true)],
]);

/** `decode2;dur=12.5`: the stage, which photograph, milliseconds. */
const ENTRY = /^([a-z]+)[12]?;dur=([\d.]+)$/;

/**
 * Adds the times of a Server-Timing header to the metrics: `stage_queue`, `stage_decode` and so on for each photograph,
 * `service_total` for the whole request.
 */
export function recordServerTiming(header: string | undefined, tags: Record<string, string>): void {
  for (const entry of header?.split(', ') ?? []) {
    const [, stage = '', ms = ''] = ENTRY.exec(entry) ?? [];
    trends.get(stage)?.add(Number(ms), tags);
  }
}
