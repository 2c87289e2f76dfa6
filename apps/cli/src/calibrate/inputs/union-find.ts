/** Disjoint sets of the numbers from 0, which can be joined. */
export class UnionFind {
  readonly #parents: Uint32Array;

  constructor(size: number) {
    this.#parents = Uint32Array.from({ length: size }, (_, i) => i);
  }

  /** The number that stands for a set: the same for all of its members. */
  find(member: number): number {
    let at = member;
    while (this.#parents[at] !== at) {
      // Halves the way for the next search.
      this.#parents[at] = this.#parents[this.#parents[at]];
      at = this.#parents[at];
    }
    return at;
  }

  /** Makes one set of two. */
  join(a: number, b: number): void {
    this.#parents[this.find(b)] = this.find(a);
  }
}
