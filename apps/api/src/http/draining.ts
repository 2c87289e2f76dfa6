import { Injectable } from '@nestjs/common';

/** Whether the service is shutting down. */
@Injectable()
export class Draining {
  #started = false;

  get started(): boolean {
    return this.#started;
  }

  /**
   * From now on, /health/ready reports not ready and responses ask clients to disconnect, so that they send new
   * requests elsewhere.
   */
  start(): void {
    this.#started = true;
  }
}
