import cluster from 'node:cluster';
import type { ClientRateLimitInfo } from 'express-rate-limit';
import type { Settings } from '../config/settings.js';
import { Conversation } from './conversation.js';
import type { Assignment, Listening } from './primary.js';
import { countInMemory } from './rate-counter.js';
import { alone, type Join, reportOf, type ServiceReport } from './whole-service.js';

/** A service process's connection to the primary. */
export class PrimaryLink {
  readonly #conversation: Conversation;

  constructor() {
    this.#conversation = new Conversation(process, {});
    process.once('disconnect', () => {
      this.#conversation.close();
    });
    // Otherwise node:cluster ends this process, with its requests, as soon as the primary has gone.
    if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
  }

  /** This process's part. */
  assignment(): Promise<Assignment> {
    return this.#conversation.ask('assignment');
  }

  /** Tells that the models are loaded, and resolves when this process may listen. */
  loaded(): Promise<void> {
    return this.#conversation.ask('loaded');
  }

  listening(facts: Listening): Promise<void> {
    return this.#conversation.ask('listening', facts);
  }

  /** Tells why this process cannot start, if the primary is still there. */
  async failed(reason: string): Promise<void> {
    await this.#conversation.ask('failed', reason).catch(() => undefined);
  }

  /**
   * Makes this process known as a part of the service.
   *
   * @param settings of all processes together
   */
  join =
    (settings: Settings): Join =>
    ({ pool, registry }) => {
      this.#conversation.answer('report', () => reportOf(pool));
      this.#conversation.answer('metrics', () => registry.getMetricsAsJSON());
      // If the primary has gone, this process finishes its requests, and is all that is left of the service.
      const rest = alone(settings)({ pool, registry });
      const countRest = countInMemory();
      return {
        settings,
        report: () => this.#conversation.ask<ServiceReport>('report').catch(() => rest.report()),
        metrics: () => this.#conversation.ask<string>('metrics').catch(() => rest.metrics()),
        countRequest: (caller) =>
          this.#conversation.ask<ClientRateLimitInfo>('countRequest', caller).catch(() => countRest(caller)),
      };
    };
}
