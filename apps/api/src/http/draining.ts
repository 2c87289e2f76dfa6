import { Injectable } from '@nestjs/common';

/** Whether the service is on its way out. */
@Injectable()
export class Draining {
  #started = false;

  get started(): boolean {
    return this.#started;
  }

  /** From here on /health/ready says no, and each answer asks its caller to leave, so that nobody sends new requests. */
  start(): void {
    this.#started = true;
  }
}
