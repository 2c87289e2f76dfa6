import { describe, expect, it } from 'vitest';
import { formatReport, type K6Summary, parseK6Summary, toReport } from './perf-report.mjs';

const URL = 'http://localhost:8000/mediapipe';

/** k6's summary of four requests in two seconds, one of them rejected. */
const SUMMARY: K6Summary = {
  metrics: {
    http_reqs: { values: { count: 4, rate: 2 } },
    http_req_failed: { values: { rate: 0.25, passes: 1, fails: 3 } },
    'http_req_duration{expected_response:true}': {
      values: { avg: 200.12345, min: 100, med: 190, max: 310, 'p(95)': 300, 'p(99)': 308 },
    },
    service_total: { values: { med: 180 } },
    stage_decode: { values: { med: 12.5 } },
  },
};

const ALL_FAILED: K6Summary = {
  metrics: { http_reqs: { values: { count: 2, rate: 50 } }, http_req_failed: { values: { passes: 2, fails: 0 } } },
};

describe('toReport', () => {
  it('counts successes, with rates and times of these alone', () => {
    expect(toReport(URL, SUMMARY, ['503 OVERLOADED: Try again.'])).toEqual({
      url: URL,
      num_requests: 4,
      successful: 3,
      success_rate: 0.75,
      requests_per_second: 1.5,
      response_time_ms: { avg: 200.123, min: 100, max: 310, median: 190, p95: 300, p99: 308 },
      service_median_ms: { total: 180, decode: 12.5 },
      failures: [{ reason: '503 OVERLOADED: Try again.', count: 1 }],
    });
  });

  it('has no times if every request failed, and lists the most frequent reason first', () => {
    const report = toReport(URL, ALL_FAILED, ['a', 'b', 'b']);
    expect(report).toMatchObject({ successful: 0, success_rate: 0, requests_per_second: 0, response_time_ms: null });
    expect(report.failures).toEqual([
      { reason: 'b', count: 2 },
      { reason: 'a', count: 1 },
    ]);
  });
});

describe('formatReport', () => {
  it('shows each statistic in its own row', () => {
    const text = formatReport(toReport(URL, SUMMARY, ['503 OVERLOADED: Try again.']));
    expect(text.split('\n').map((line) => line.trim().replace(/ +/g, ' '))).toEqual([
      `4 requests at once, POST ${URL}`,
      '',
      'success rate 75.0 % (3 of 4)',
      'requests/s 1.5',
      '',
      'response time',
      'avg 200.1 ms',
      'min 100.0 ms',
      'max 310.0 ms',
      'median 190.0 ms',
      'p95 300.0 ms',
      'p99 308.0 ms',
      '',
      'inside the service, median (total of a request, stages of a photograph)',
      'total 180.0 ms',
      'decode 12.5 ms',
      '',
      'failed',
      '1 × 503 OVERLOADED: Try again.',
    ]);
  });

  it('leaves out empty sections', () => {
    expect(formatReport(toReport(URL, ALL_FAILED, ['EOF', 'EOF']))).not.toMatch(/response time|inside the service/);
    expect(formatReport(toReport(URL, SUMMARY, []))).not.toContain('failed');
  });
});

describe('parseK6Summary', () => {
  it('reads a summary', () => {
    expect(parseK6Summary(JSON.stringify(SUMMARY))).toEqual(SUMMARY);
  });

  it.each(['', 'Usage: k6 run', '{"other":1}'])('finds none in %j', (text) => {
    expect(parseK6Summary(text)).toBeUndefined();
  });
});
