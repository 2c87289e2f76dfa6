import { ERROR_TABLE, type ErrorCode, errorEntry } from '../../apps/api/src/errors/error-table.js';
import type { CompareResponseDto, ImageMetricsDto } from '../../apps/api/src/comparison/dto/compare-response.dto.js';
import { CANDIDATE_CODES } from '../../apps/api/src/comparison/many/candidate-problem.js';
import type { ManyResponseDto } from '../../apps/api/src/comparison/many/dto/many-response.dto.js';
import type { ProblemDto } from '../../apps/api/src/errors/problem.dto.js';
import type { DetectionDto } from '../../apps/api/src/faces/dto/faces-response.dto.js';
import type { RawAnswer } from './send.js';

const PROBLEM_KEYS = ['status', 'title', 'detail', 'code', 'image', 'reasons', 'errors', 'request_id'];
const IMAGES: ReadonlySet<unknown> = new Set([undefined, 1, 2, 'image', 'reference']);
const LONGEST_DETAIL = 500;

/** With hostile callers running, overload is a valid response, too. */
const BUSY = new Set([503, 504]);

/**
 * Says what is wrong with the response to a mutated request, or nothing for a valid verdict, a well-formed client error
 * or an overload error.
 *
 * @param codes the acceptable errors; any below 500 if omitted
 */
export function judge(answer: RawAnswer, codes?: readonly ErrorCode[]): string | undefined {
  if (answer.status >= 500 && !BUSY.has(answer.status)) return `status ${answer.status}`;
  let body: unknown;
  try {
    body = JSON.parse(answer.text);
  } catch {
    return 'the answer is not JSON';
  }
  if (answer.status !== 200) return judgeProblem(answer, body as ProblemDto, codes);
  if (!(answer.headers['content-type'] ?? '').startsWith('application/json')) return 'content type of a verdict';
  return judgeAnswer(body as CompareResponseDto | DetectionDto | ManyResponseDto);
}

function judgeProblem(
  { status, headers }: RawAnswer,
  problem: ProblemDto,
  codes?: readonly ErrorCode[],
): string | undefined {
  const { code, title, detail, image, request_id: requestId } = problem;
  if (!Object.hasOwn(ERROR_TABLE, code)) return `unknown code ${code}`;
  const entry = errorEntry(code);
  if (entry.status !== status || problem.status !== status) return `${code} with status ${status}`;
  if (entry.title !== title) return `${code} with title ${title}`;
  if (!(headers['content-type'] ?? '').startsWith('application/problem+json')) return `content type of ${code}`;
  if (requestId === '' || requestId !== headers['x-request-id']) return `request id of ${code}`;
  if (detail.length === 0 || detail.length > LONGEST_DETAIL || detail.includes('\n')) return `detail of ${code}`;
  if (!IMAGES.has(image)) return `image of ${code}`;
  const unknown = Object.keys(problem).find((key) => !PROBLEM_KEYS.includes(key));
  if (unknown !== undefined) return `${code} with the field ${unknown}`;
  return codes === undefined || codes.includes(code) || BUSY.has(status) ? undefined : `${code} is no answer to this`;
}

function judgeAnswer(body: CompareResponseDto | DetectionDto | ManyResponseDto): string | undefined {
  if ('results' in body) return judgeMany(body);
  if ('faces' in body) return judgeFaces(body);
  return judgeVerdict(body);
}

function judgeMany({ results, threshold_used: threshold, reference_metrics }: ManyResponseDto): string | undefined {
  for (const { similarity = NaN, match, problem } of results) {
    if (problem !== undefined) {
      if (!CANDIDATE_CODES.includes(problem.code)) return `unknown code ${problem.code}`;
    } else if (!(Math.abs(similarity) <= 1)) return `similarity ${similarity}`;
    else if (match !== similarity >= threshold) return 'the match does not follow from the similarity';
  }
  return judgeImage(reference_metrics);
}

const judgeFaces = ({ faces, image_size }: DetectionDto): string | undefined =>
  faces
    .map(({ face_coordinates, confidence_score }) => judgeImage({ face_coordinates, confidence_score, image_size }))
    .find((reason) => reason !== undefined);

type JudgedImage = Pick<ImageMetricsDto, 'face_coordinates' | 'confidence_score' | 'image_size'>;

function judgeVerdict(verdict: CompareResponseDto): string | undefined {
  const { similarity, match, image1_metrics, image2_metrics, comparison_metrics } = verdict;
  // JavaScript converts null to 0.
  if (!Number.isFinite(similarity) || Math.abs(similarity) > 1) return `similarity ${similarity}`;
  if (match !== similarity >= comparison_metrics.threshold_used) return 'the match does not follow from the similarity';
  return judgeImage(image1_metrics) ?? judgeImage(image2_metrics);
}

function judgeImage({
  face_coordinates: box,
  confidence_score: score,
  image_size: size,
}: JudgedImage): string | undefined {
  const [x1, y1, x2, y2] = box;
  const inside =
    box.every(Number.isFinite) && x1 >= 0 && y1 >= 0 && x1 < x2 && y1 < y2 && x2 <= size.width && y2 <= size.height;
  if (!inside) return `box ${box.join(' ')} in ${size.width}×${size.height}`;
  return Number.isFinite(score) && score >= 0 && score <= 1 ? undefined : `confidence ${score}`;
}
