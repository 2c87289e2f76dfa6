import { parentPort, threadId, workerData } from 'node:worker_threads';
import { Abandoned, FaceError } from '#face';
import { FaceAnalyser } from '#face/native';
import type { AnalyseReply, AnalyseTask, WorkerOptions, WorkerReady } from './messages.js';

/** Piscina awaits this promise, so a worker takes no task before its sessions are loaded and warm. */
export default loadHandler(workerData as WorkerOptions);

async function loadHandler(options: WorkerOptions): Promise<(task: AnalyseTask) => Promise<AnalyseReply>> {
  const analyser = await FaceAnalyser.load(options);
  await analyser.warmUp();
  parentPort?.postMessage({ type: 'worker-ready', threadId } satisfies WorkerReady);
  return async ({ bytes, query, abandoned }) => {
    const checkpoint = (): void => {
      if (Atomics.load(abandoned, 0) !== 0) throw new Abandoned();
    };
    try {
      return { status: 'analysed', analysis: await analyser.analyse(bytes, query, checkpoint) };
    } catch (error) {
      if (error instanceof Abandoned) return { status: 'abandoned' };
      if (error instanceof FaceError) {
        return { status: 'rejected', failure: { code: error.code, reason: error.reason } };
      }
      return { status: 'crashed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
}
