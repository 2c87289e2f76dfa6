/** The part of jStat that is used; it has no types of its own. */
declare module 'jstat' {
  const jStat: {
    readonly beta: {
      /** The quantile function of the beta distribution. */
      readonly inv: (probability: number, alpha: number, beta: number) => number;
    };
    readonly normal: {
      /** The quantile function of the normal distribution. */
      readonly inv: (probability: number, mean: number, deviation: number) => number;
    };
  };
  export default jStat;
}
