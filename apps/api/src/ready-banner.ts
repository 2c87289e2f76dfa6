/** What the startup message contains. */
export interface ReadyService {
  /** Its URL on this machine. */
  readonly url: string;
  /** Its models and where they run. */
  readonly models: string;
  /** Path of an endpoint that compares two photographs. */
  readonly path: string;
  /** Whether clients must send an API key. */
  readonly needsKey: boolean;
}

/** The startup message for people: the URL, and a request to try. Never contains a key. */
export function readyBanner({ url, models, path, needsKey }: ReadyService): string {
  const signIn = needsKey ? ' (any name, and a key as the password)' : '';
  const key = needsKey ? "-H 'X-API-Key: YOUR_KEY' " : '';
  return `Face comparison is ready on ${url}
  models   ${models}
  docs     ${url}/docs${signIn}
  try      curl ${key}-F image1=@test/photographs/obama.jpg -F image2=@test/photographs/obama2.jpg ${url}${path}
`;
}
