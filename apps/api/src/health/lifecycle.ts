import { Injectable } from '@nestjs/common';

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
