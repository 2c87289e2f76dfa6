import { parentPort, threadId, workerData } from 'node:worker_threads';
import { Abandoned, type Checkpoint, FaceError } from '#face';
import { FaceAnalyser } from '#face/native';
import type { WorkerOptions, WorkerReady, WorkerReply, WorkerTask } from './messages.js';
import type { TaskKind, Tasks } from './task.js';

/** Piscina awaits this promise, so a worker takes no task before its sessions are loaded and warm. */
export default loadHandler(workerData as WorkerOptions);

async function loadHandler(options: WorkerOptions): Promise<(task: WorkerTask) => Promise<WorkerReply>> {
  const analyser = await FaceAnalyser.load(options);
  await analyser.warmUp();
  parentPort?.postMessage({ type: 'worker-ready', threadId } satisfies WorkerReady);
  return async (task) => {
    const checkpoint: Checkpoint = () => {
      if (Atomics.load(task.abandoned, 0) !== 0) throw new Abandoned();
    };
    try {
      return { status: 'done', result: await perform(analyser, task, checkpoint) };
    } catch (error) {
      if (error instanceof Abandoned) return { status: 'abandoned' };
      if (error instanceof FaceError) {
        return { status: 'rejected', failure: { code: error.code, reason: error.reason } };
      }
      return { status: 'crashed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
}

function perform(
  analyser: FaceAnalyser,
  { bytes, ...task }: WorkerTask,
  checkpoint: Checkpoint,
): Promise<Tasks[TaskKind]['result']> {
  switch (task.kind) {
    case 'detect':
      return analyser.detect(bytes, task.query, checkpoint);
    case 'embed':
      return analyser.embed(bytes, task.query, checkpoint);
    case 'analyse':
      return analyser.analyse(bytes, task.query, checkpoint);
  }
}
