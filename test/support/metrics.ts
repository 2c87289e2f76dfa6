import type { Service } from './service.js';

/** One sample of a Prometheus scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^(\w+)(|\{.*\}) (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Reads GET /metrics (the text format of Prometheus, without comments). */
export async function readMetrics(service: Service): Promise<Sample[]> {
  const text = String((await service.get('/metrics')).body['text']);
  return text.split('\n').flatMap((line) => {
    const found = SAMPLE.exec(line);
    if (found === null) return [];
    const [, name, labels, value] = found;
    const pairs = [...labels.matchAll(LABEL)].map(([, label, content]): [string, string] => [label, content]);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

/** The sum of the samples with this name and these labels; 0 if there are none. */
export function total(samples: readonly Sample[], name: string, labels: Record<string, string> = {}): number {
  return samples
    .filter(
      (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
}
