import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ProcessMetrics, ServiceMetrics } from './service-metrics.js';

const [FIRST, SECOND, THIRD] = [101, 102, 103];

/** Metrics of a process that has answered some requests, each in one second. */
function metricsOf(requests: number, waiting: number): Promise<ProcessMetrics> {
  const registers = [new Registry()];
  new Counter({ name: 'requests_total', help: 'r', labelNames: ['status'], registers }).inc(
    { status: '200' },
    requests,
  );
  new Gauge({ name: 'waiting', help: 'w', registers }).set(waiting);
  const seconds = new Histogram({ name: 'seconds', help: 's', buckets: [0.5, 2], registers });
  for (let i = 0; i < requests; i++) seconds.observe(1);
  new Gauge({ name: 'build', help: 'b', aggregator: 'first', registers }).set(1);
  return registers[0].getMetricsAsJSON();
}

describe('ServiceMetrics', () => {
  let metrics: ServiceMetrics;
  beforeEach(async () => {
    metrics = new ServiceMetrics();
    metrics.keep(FIRST, await metricsOf(3, 5));
    metrics.keep(SECOND, await metricsOf(4, 7));
  });

  it('adds up counters, gauges and histograms, each as it says', async () => {
    const lines = (await metrics.text(2)).split('\n');

    expect(lines).toEqual(
      expect.arrayContaining([
        'requests_total{status="200"} 7',
        'waiting 12',
        'seconds_bucket{le="0.5"} 0',
        'seconds_bucket{le="2"} 7',
        'seconds_bucket{le="+Inf"} 7',
        'seconds_sum 7',
        'seconds_count 7',
        'build 1',
        'face_processes_ready 2',
        'face_process_restarts_total 0',
      ]),
    );
  });

  it('takes what a process tells later in place of what it told before', async () => {
    metrics.keep(FIRST, await metricsOf(10, 0));
    const text = await metrics.text(2);

    expect(text).toMatch(/^requests_total\{status="200"\} 14$/m);
    expect(text).toMatch(/^waiting 7$/m);
  });

  it('keeps the counts of processes that have died, but not what they held', async () => {
    metrics.processDied(FIRST);
    metrics.processDied(SECOND);
    metrics.keep(THIRD, await metricsOf(1, 2));
    const text = await metrics.text(1);

    expect(text).toMatch(/^requests_total\{status="200"\} 8$/m);
    expect(text).toMatch(/^seconds_count 8$/m);
    expect(text).toMatch(/^waiting 2$/m);
    expect(text).toMatch(/^face_processes_ready 1$/m);
    expect(text).toMatch(/^face_process_restarts_total 2$/m);
  });

  it('counts a process that died before it told anything', async () => {
    metrics.processDied(THIRD);

    expect(await metrics.text(2)).toMatch(/^face_process_restarts_total 1$/m);
    expect(await metrics.text(2)).toMatch(/^requests_total\{status="200"\} 7$/m);
  });
});
