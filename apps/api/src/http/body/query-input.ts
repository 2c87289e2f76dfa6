import { ServiceError } from '../../errors/service-error.js';
import type { RequestLife } from '../request-life.js';
import type { PhotographRoute } from '../routes.js';
import type { RequestInput } from './request-input.js';
import { fieldFromText } from './text-field.js';

/**
 * Adds the fields of a request's query string to those of its body. A parameter without a value counts as left out.
 *
 * @param input the body
 * @param route which fields there are
 * @throws ServiceError INVALID_REQUEST if a field is in both
 */
export function withQuery(
  input: RequestInput,
  { query }: Pick<RequestLife, 'query'>,
  { options }: Pick<PhotographRoute, 'options'>,
): RequestInput {
  const parameters = new URLSearchParams(query);
  const names = [...new Set(parameters.keys())];
  const sent = names.flatMap((name): [name: string, value: unknown][] => {
    const texts = parameters.getAll(name).filter((text) => text !== '');
    if (texts.length === 0) return [];
    return [[name, fieldFromText(name, texts.length === 1 ? texts[0] : texts, options)]];
  });
  const twice = sent.find(([name]) => Object.hasOwn(input.fields, name));
  if (twice !== undefined) {
    throw new ServiceError(
      'INVALID_REQUEST',
      `Send ${twice[0].slice(0, 40)} in the query string or the body, not both.`,
    );
  }
  return { ...input, fields: { ...input.fields, ...Object.fromEntries(sent) } };
}
