/*
 * Loaded into the service by NODE_OPTIONS=--import: makes the folder in $WORK_IN its working directory, where it would
 * leave anything that it writes to a relative path.
 */
import { isMainThread } from 'node:worker_threads';

if (isMainThread) process.chdir(process.env.WORK_IN);
