/*
 * A thread that decodes one photograph and exits. Its task is defined in decode-with-wasm.ts, its reply here.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { FaceError, type FaceErrorCode } from '../../errors.js';
import { decodeWithWasm, type WasmPicture, type WasmTask } from './decode-with-wasm.js';

/** A picture, or the reason for the failure: `code` is absent if the bytes cannot be decoded. */
export type ThreadAnswer =
  { readonly picture: WasmPicture } | { readonly code?: FaceErrorCode; readonly reason: string };

let answer: ThreadAnswer;
try {
  answer = { picture: await decodeWithWasm(workerData as WasmTask) };
} catch (error) {
  answer = error instanceof FaceError ? { code: error.code, reason: error.reason } : { reason: String(error) };
}
parentPort?.postMessage(answer);
