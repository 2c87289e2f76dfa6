/** What is told of a service that has started. */
export interface ReadyService {
  /** Where it listens, from this machine. */
  readonly url: string;
  /** What its models are and where they run. */
  readonly models: string;
  /** Whether callers have to send an API key. */
  readonly needsKey: boolean;
}

/** What a person who has started the service reads: where it is, and a request to try. It never holds a key. */
export function readyBanner({ url, models, needsKey }: ReadyService): string {
  const signIn = needsKey ? ' (any name, and a key as the password)' : '';
  const key = needsKey ? "-H 'X-API-Key: YOUR_KEY' " : '';
  return `Face comparison is ready on ${url}
  models   ${models}
  docs     ${url}/docs${signIn}
  try      curl ${key}-F image1=@test/photographs/obama.jpg -F image2=@test/photographs/obama2.jpg ${url}/compare
`;
}
