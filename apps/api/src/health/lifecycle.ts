import { Injectable } from '@nestjs/common';
import type { RequestHandler } from 'express';

/** Whether the service is on its way out. */
@Injectable()
export class Lifecycle {
  #draining = false;

  get draining(): boolean {
    return this.#draining;
  }

  /** From here on /health/ready says no, so that nobody sends new requests. */
  startDraining(): void {
    this.#draining = true;
  }
}

/** Asks callers and proxies to leave with each answer, so that their next request goes to another instance. */
export function closeWhenDraining(lifecycle: Lifecycle): RequestHandler {
  return (_request, response, next) => {
    if (lifecycle.draining) response.setHeader('Connection', 'close');
    next();
  };
}
