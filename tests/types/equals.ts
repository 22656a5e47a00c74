/** Whether two types are the same: `any` is only `any`, and a member that is optional or read-only in one must be so in the other. */
export type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles where it is given `true`, and not otherwise. */
export const holds = <T extends true>(): T => true as T;
