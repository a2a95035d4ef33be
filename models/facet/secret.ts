/**
 * Something known of an object, in a private field of that: nobody else can look there, whatever he has replaced in the language,
 * as he could in a WeakMap whose methods are called.
 */
export interface Secret<T> {
  /** Keeps it, once, before the object is given away. */
  keep<O extends object>(object: O, known: T): O
  of(object: unknown): T | undefined
}

class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: so that the class below puts its field into that
    return object
  }
}

export function secret<T>(): Secret<T> {
  class Keeping extends Given {
    readonly #known: T

    constructor(object: object, known: T) {
      super(object)
      this.#known = known
    }

    static of(object: unknown): T | undefined {
      return (typeof object === 'object' ? object !== null : typeof object === 'function') &&
        #known in (object as object)
        ? (object as Keeping).#known
        : undefined
    }
  }
  return {
    keep<O extends object>(object: O, known: T) {
      new Keeping(object, known)
      return object
    },
    of: Keeping.of,
  }
}
