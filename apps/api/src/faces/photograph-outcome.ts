import type { FaceAnalysis, FaceEmbeddings } from '#face';
import type { TaskKind, TaskResult } from '#inference';
import { imageError, type ImageName, inWords, photographError, ServiceError } from '../errors/service-error.js';
import type { Queued } from './stages.js';

type ResultOf<Kind extends TaskKind> = Extract<TaskResult<Kind>, { readonly status: 'done' }>['result'];

/** The result of a task on a photograph, or the error that describes why there is none. */
export function outcomeOf<Kind extends TaskKind>(
  outcome: TaskResult<Kind>,
  image: ImageName,
): Queued<ResultOf<Kind>> | ServiceError {
  if (outcome.status === 'done') return { ...outcome.result, queueMs: outcome.queueMs };
  const { code, reason } = outcome.failure;
  return code === 'NO_FACE' ? noFace(image) : imageError(code, image, reason);
}

/** An analysis, as if all its faces had been embedded. */
export const asEmbeddings = ({ face, embedding, ...analysis }: Queued<FaceAnalysis>): Queued<FaceEmbeddings> => ({
  ...analysis,
  faces: [{ ...face, embedding }],
});

/** The error for a photograph without a face. */
export const noFace = (image: ImageName): ServiceError =>
  new ServiceError('NO_FACE', `No face detected in ${inWords(image)}.`, image);

/** @throws ServiceError describing each of two photographs that is at fault */
export function bothOrThrow<First extends object, Second extends object>(
  first: First | ServiceError,
  second: Second | ServiceError,
): readonly [First, Second] {
  if (first instanceof ServiceError) throw photographError(first, second instanceof ServiceError ? second : undefined);
  if (second instanceof ServiceError) throw second;
  return [first, second];
}

/** @throws ServiceError if it is one */
export function orThrow<Result extends object>(outcome: Result | ServiceError): Result {
  if (outcome instanceof ServiceError) throw outcome;
  return outcome;
}
