/**
 * d′, the distance between the means of genuine and impostor similarities in units of their standard deviation
 * (Daugman, "Biometric decision landscapes", 2000): |μg − μi| / √((σg² + σi²) / 2), with the deviations of the scores
 * themselves (divided by n).
 *
 * @returns undefined if neither varies
 */
export function separation(genuine: Float64Array, impostor: Float64Array): number | undefined {
  const [g, i] = [moments(genuine), moments(impostor)];
  const deviation = Math.sqrt((g.variance + i.variance) / 2);
  return deviation === 0 ? undefined : Math.abs(g.mean - i.mean) / deviation;
}

function moments(scores: Float64Array): { readonly mean: number; readonly variance: number } {
  let sum = 0;
  for (const score of scores) sum += score;
  const mean = sum / scores.length;
  let squares = 0;
  for (const score of scores) squares += (score - mean) ** 2;
  return { mean, variance: squares / scores.length };
}
