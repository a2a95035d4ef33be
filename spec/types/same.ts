/** Compiles only if both types are the same; `any` is the same as nothing else. */
export function same<A, B>(
  ..._: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : [never]
): void {}
/** For what is only to be compiled. */
export function compiled(_: () => unknown): void {}
