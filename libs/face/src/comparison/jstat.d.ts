/** The part of jStat that is used; it has no types of its own. */
declare module 'jstat' {
  const jStat: {
    readonly beta: {
      /** The quantile function of the beta distribution. */
      readonly inv: (probability: number, alpha: number, beta: number) => number;
    };
  };
  export default jStat;
}
