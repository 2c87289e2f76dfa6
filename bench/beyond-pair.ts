import { photograph, Service } from '../test/support/service.js';
import { describe } from './format.js';
import { load } from './load.js';
import { median } from './statistics.js';

const CANDIDATES = 32;

/** Odd, so that there is a middle value. */
const ROUNDS = 3;

const encode = (fields: object): Buffer => Buffer.from(JSON.stringify(fields));

/**
 * Measures the endpoints with another number of photographs: /detect, /embed, and /compare/many, which takes a
 * reference and 32 candidates, against the rate at which /embed takes the same photographs one by one.
 */
export async function measureBeyondPair(clients: number, requests: number): Promise<void> {
  const service = await Service.start();
  const image_base64 = photograph('obama2.jpg').toString('base64');
  const single = encode({ image_base64 });
  const candidates = Array<object>(CANDIDATES).fill({ image_base64 });
  const many = encode({ reference_base64: image_base64, candidates });
  const lists = Math.ceil(requests / CANDIDATES);
  const ratios: number[] = [];
  await load(`${service.url}/compare/many`, many, 1, 2);
  for (let round = 1; round <= ROUNDS; round++) {
    const detect = await load(`${service.url}/detect`, single, clients, requests);
    const embed = await load(`${service.url}/embed`, single, clients, requests);
    const compare = await load(`${service.url}/compare/many`, many, 1, lists);
    ratios.push((compare.requestsPerSecond * (CANDIDATES + 1)) / embed.requestsPerSecond);
    console.log(`One photograph, and one against ${CANDIDATES}, round ${round}`);
    console.log(`  /detect        ${clients} clients  ${describe(detect)}`);
    console.log(`  /embed         ${clients} clients  ${describe(embed)}`);
    console.log(`  /compare/many  1 client   ${describe(compare)}`);
  }
  console.log(`/compare/many takes photographs at ${median(ratios).toFixed(2)} of the rate of /embed (median)\n`);
  await service.stop();
}
