import { once } from 'node:events';
import { parentPort } from 'node:worker_threads';

// Never finishes loading.
export default once(parentPort, 'an event that never comes');
