import { count } from './settings.ts';
import { WAYS } from './traffic.ts';

/** What makes a run fail. */
export interface Limits {
  /** Maximum share of failed requests: no response, or not the expected status. */
  readonly failed: number;
  /** 95th percentile of the time to a verdict, in milliseconds; P95_MS in the environment overrides it. */
  readonly p95Ms: number;
}

/** Every response must be right, and every combination of endpoint and body must get verdicts in time. */
export function thresholds({ failed, p95Ms }: Limits): Record<string, string[]> {
  const limit = count('P95_MS', p95Ms);
  return {
    checks: ['rate==1'],
    http_req_failed: [`rate<=${failed}`],
    ...Object.fromEntries(
      WAYS.flatMap(({ endpoint, body }) => {
        const verdicts = `{endpoint:${endpoint},body:${body},status:200}`;
        return [
          [`http_reqs${verdicts}`, ['count>0']],
          [`http_req_duration${verdicts}`, [`p(95)<=${limit}`]],
        ];
      }),
    ),
  };
}
