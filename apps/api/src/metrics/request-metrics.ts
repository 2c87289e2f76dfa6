import type { RequestHandler } from 'express';
import { contextOf, finalStatus } from '../http/request-context.js';
import { ROUTES } from '../http/routes.js';
import type { Metrics } from './metrics.js';

/**
 * Counts every request once it is answered or given up: known routes by name, whatever else is asked for together, so
 * that no caller can add labels.
 */
export function requestMetrics(metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const route = ROUTES.has(request.path) ? request.path : 'other';
    response.once('close', () => {
      const { arrivedAt, code = '' } = contextOf(response);
      metrics.countRequest(route, finalStatus(response), code, (performance.now() - arrivedAt) / 1000);
    });
    next();
  };
}
