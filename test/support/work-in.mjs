/*
 * Loaded into the service by NODE_OPTIONS=--import: makes the folder in $WORK_IN its working folder, where it would
 * leave whatever it writes without saying where.
 */
import { isMainThread } from 'node:worker_threads';

if (isMainThread) process.chdir(process.env.WORK_IN);
