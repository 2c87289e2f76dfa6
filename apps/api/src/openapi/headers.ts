import type { HeaderObject, ParameterObject, ReferenceObject } from '@nestjs/swagger';

/** The client's id for its request. */
export const REQUEST_ID_PARAMETER: ParameterObject = {
  name: 'X-Request-Id',
  in: 'header',
  required: false,
  description:
    'Your id for the request, which the answer and the log repeat: 1 to 128 letters, digits and `.` `_` `:` `-`. In place of any other the service makes one up.',
  // No example, as Swagger UI would send it with every request.
  schema: { type: 'string' },
};

/** Headers shared by several responses, by their component names. */
export const RESPONSE_HEADERS = {
  RequestId: {
    required: true,
    description: 'Identifies the request in the log: yours, or one that the service has made up.',
    schema: { type: 'string', example: '4f0c4c1e-9f0e-4a53-a4a3-6a4b1f1c2d3e' },
  },
  RetryAfter: {
    required: true,
    description: 'Seconds to wait before the next attempt.',
    schema: { type: 'integer', minimum: 1, example: 1 },
  },
  WwwAuthenticate: {
    required: true,
    description: 'The scheme to send a key by.',
    schema: { type: 'string', example: 'Bearer' },
  },
  RateLimit: {
    description:
      'Sent where RATE_LIMIT_PER_MINUTE is set: comparisons left (`r`) and seconds until all are back (`t`), as in draft-ietf-httpapi-ratelimit-headers-08.',
    schema: { type: 'string', example: '"60-in-1min"; r=59; t=60' },
  },
  RateLimitPolicy: {
    description:
      'Sent where RATE_LIMIT_PER_MINUTE is set: comparisons allowed (`q`) in a window of so many seconds (`w`), and a hash that stands for the caller (`pk`).',
    schema: { type: 'string', example: '"60-in-1min"; q=60; w=60; pk=:NmUxN2RmZjFhMmVj:' },
  },
} as const satisfies Record<string, HeaderObject>;

/** A reference to a shared header. */
export const header = (name: keyof typeof RESPONSE_HEADERS): ReferenceObject => ({
  $ref: `#/components/headers/${name}`,
});

/** The rate-limit headers. */
export const RATE_LIMIT_HEADERS: Readonly<Record<string, ReferenceObject>> = {
  RateLimit: header('RateLimit'),
  'RateLimit-Policy': header('RateLimitPolicy'),
};
