/**
 * The used part of k6's summary: metrics by name, each with its statistics by name.
 *
 * @typedef {{ metrics: Record<string, { values: Record<string, number> } | undefined> }} K6Summary
 */

/**
 * How a performance test went. Times are in milliseconds and, like the rate, of successful requests alone.
 *
 * @typedef {object} PerfReport
 * @property {string} url
 * @property {number} num_requests
 * @property {number} successful
 * @property {number} success_rate 0 to 1
 * @property {number} requests_per_second
 * @property {Record<'avg' | 'min' | 'max' | 'median' | 'p95' | 'p99', number> | null} response_time_ms null where none succeeded
 * @property {Record<string, number>} service_median_ms what the service says of its own work: total for a request, the stages for a photograph
 * @property {{ reason: string, count: number }[]} failures the most frequent first
 */

/**
 * @param {string} text what `handleSummary` of perf.ts printed
 * @returns {K6Summary | undefined} nothing where k6 ended before it had a summary
 */
export function parseK6Summary(text) {
  if (!text.startsWith('{')) return undefined;
  /** @type {unknown} */
  const summary = JSON.parse(text);
  return isK6Summary(summary) ? summary : undefined;
}

/**
 * @param {unknown} summary
 * @returns {summary is K6Summary}
 */
const isK6Summary = (summary) => typeof summary === 'object' && summary !== null && 'metrics' in summary;

const STAGES = ['queue', 'decode', 'detect', 'crop', 'embed'];

/**
 * @param {string} url
 * @param {K6Summary} summary
 * @param {readonly string[]} reasons one for each request that failed
 * @returns {PerfReport}
 */
export function toReport(url, { metrics }, reasons) {
  // k6 counts a failed request as a pass of the metric http_req_failed.
  const { fails: successful = 0, passes: failed = 0 } = metrics['http_req_failed']?.values ?? {};
  const sent = successful + failed;
  const successRate = sent === 0 ? 0 : successful / sent;
  return {
    url,
    num_requests: sent,
    successful,
    success_rate: successRate,
    requests_per_second: round((metrics['http_reqs']?.values['rate'] ?? 0) * successRate),
    response_time_ms: successful === 0 ? null : responseTimes(metrics),
    service_median_ms: serviceMedians(metrics),
    failures: countEach(reasons),
  };
}

/** @param {K6Summary['metrics']} metrics */
function responseTimes(metrics) {
  const times = metrics['http_req_duration{expected_response:true}']?.values ?? {};
  /** @param {string} statistic */
  const of = (statistic) => round(times[statistic] ?? NaN);
  return { avg: of('avg'), min: of('min'), max: of('max'), median: of('med'), p95: of('p(95)'), p99: of('p(99)') };
}

/** @param {K6Summary['metrics']} metrics */
function serviceMedians(metrics) {
  const names = [['total', 'service_total'], ...STAGES.map((stage) => [stage, `stage_${stage}`])];
  return Object.fromEntries(
    names.flatMap(([name = '', metric = '']) => {
      const median = metrics[metric]?.values['med'];
      return median === undefined ? [] : [[name, round(median)]];
    }),
  );
}

/** @param {readonly string[]} reasons */
function countEach(reasons) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
}

/**
 * The report for people.
 *
 * @param {PerfReport} report
 * @returns {string}
 */
export function formatReport(report) {
  const { url, num_requests, successful, success_rate, requests_per_second } = report;
  const sections = [
    [`${num_requests} requests at once, POST ${url}`],
    [
      row('success rate', success_rate * 100, `% (${successful} of ${num_requests})`),
      row('requests/s', requests_per_second),
    ],
    report.response_time_ms && ['response time', ...times(report.response_time_ms)],
    Object.keys(report.service_median_ms).length > 0 && [
      'inside the service, median (total of a request, stages of a photograph)',
      ...times(report.service_median_ms),
    ],
    report.failures.length > 0 && ['failed', ...report.failures.map(({ reason, count }) => `  ${count} × ${reason}`)],
  ];
  return sections
    .filter((lines) => Array.isArray(lines))
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** @param {Record<string, number>} milliseconds */
const times = (milliseconds) => Object.entries(milliseconds).map(([name, ms]) => row(name, ms, 'ms'));

/**
 * @param {string} name
 * @param {number} value
 * @param {string} unit
 */
const row = (name, value, unit = '') => `  ${name.padEnd(12)} ${value.toFixed(1).padStart(9)} ${unit}`.trimEnd();

/** @param {number} value */
const round = (value) => Math.round(value * 1000) / 1000;
