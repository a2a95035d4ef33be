import { type Expression, isExpression, node } from './expression.js'
import type { Glob } from './glob.js'
import { type QueryLike, toExpression } from './operators.js'
import type { At, ElementOf, Equal, Part, PathIn, RelatedBy, RelIn, To } from './typed.js'

/** A part of a query: RQL, a tree, a cursor, or a function that is given an empty query and gives what it asked of it. */
export type Term<O> = QueryLike | Asked | Ask<O>
type Ask<O> = (query: Conditions<O>) => Asked
interface Asked {
  readonly expression: Expression
}

/** Conditions on objects `O`, that must all hold. A method that adds one gives a new object and leaves this as it is. */
export class Conditions<O> {
  /** The query as a tree, always with an `and` at the top. */
  readonly expression: Expression

  constructor(expression: Expression) {
    this.expression = expression
  }

  static {
    // the prototype is shared by all who hold a query: none may change it for the others
    Object.freeze(Conditions.prototype)
  }

  /** The same with more terms. */
  protected append(terms: readonly unknown[]): this {
    return new Conditions<O>(node('and', [...this.expression.args, ...terms])) as this
  }

  /** The same with one term more. */
  protected add(name: string, ...args: readonly unknown[]): this {
    return this.append([node(name, args)])
  }

  /** The property is equal to the value. A missing property is equal to null. */
  eq<const P extends PathIn<O>>(path: To<O, P>, value: Equal<At<O, P>>): this {
    return this.add('eq', path, value)
  }

  /** Not `eq`, so also missing or of another type. */
  ne<const P extends PathIn<O>>(path: To<O, P>, value: Equal<At<O, P>>): this {
    return this.add('ne', path, value)
  }

  /** Less. Only values of one type compare; so it is with the next three. */
  lt<const P extends PathIn<O>>(path: To<O, P>, value: NonNullable<At<O, P>>): this {
    return this.add('lt', path, value)
  }

  /** Less or equal. */
  le<const P extends PathIn<O>>(path: To<O, P>, value: NonNullable<At<O, P>>): this {
    return this.add('le', path, value)
  }

  /** Greater. */
  gt<const P extends PathIn<O>>(path: To<O, P>, value: NonNullable<At<O, P>>): this {
    return this.add('gt', path, value)
  }

  /** Greater or equal. */
  ge<const P extends PathIn<O>>(path: To<O, P>, value: NonNullable<At<O, P>>): this {
    return this.add('ge', path, value)
  }

  /** From `low` to before `high`. */
  between<const P extends PathIn<O>>(path: To<O, P>, low: NonNullable<At<O, P>>, high: NonNullable<At<O, P>>): this {
    return this.add('between', path, [low, high])
  }

  /** The property is equal to one of the values. */
  in<const P extends PathIn<O>>(path: To<O, P>, values: readonly Equal<At<O, P>>[]): this {
    return this.add('in', path, values)
  }

  /** Not `in`. */
  out<const P extends PathIn<O>>(path: To<O, P>, values: readonly Equal<At<O, P>>[]): this {
    return this.add('out', path, values)
  }

  /** The array has an element that is equal, or fulfils what is asked of it; the text has the text in it. */
  contains<const P extends PathIn<O>>(
    path: To<O, P>,
    part: Part<At<O, P>> | Expression | Ask<ElementOf<At<O, P>>>,
  ): this {
    return this.add('contains', path, partOf(part))
  }

  /** Not `contains`. */
  excludes<const P extends PathIn<O>>(
    path: To<O, P>,
    part: Part<At<O, P>> | Expression | Ask<ElementOf<At<O, P>>>,
  ): this {
    return this.add('excludes', path, partOf(part))
  }

  /**
   * The text as a whole fits the pattern, whatever its case; or, with a text, it has all the words of that: needs a full-text
   * index over the property.
   */
  match<const P extends PathIn<O>>(path: To<O, P>, pattern: Glob | string): this {
    return this.add('match', path, pattern)
  }

  /** The property is there, and not null; or, with `false`, it is not. */
  exists<const P extends PathIn<O>>(path: To<O, P>, present = true): this {
    return this.add('exists', path, present)
  }

  /** What the link leads to fulfils the condition, one of them if there are many. Without a condition: it leads somewhere. */
  rel<const R extends RelIn<O>>(rel: R, condition?: Term<RelatedBy<O, R>>): this {
    return this.add('rel', rel, ...(condition === undefined ? [] : [single(treeOf(condition as Term<never>))]))
  }

  /** All of this too. Terms may bring stages as well. */
  and(...terms: readonly Term<O>[]): this {
    return this.append(terms.flatMap(term => treeOf(term).args))
  }

  /** At least one of these. */
  or(...terms: readonly Term<O>[]): this {
    return this.add('or', ...terms.map(term => single(treeOf(term))))
  }

  /** Not this. */
  not(term: Term<O>): this {
    return this.add('not', single(treeOf(term)))
  }

  /** What the RQL says too; `parameters` are its `$1`, `$2`, …. */
  where(text: string, parameters?: readonly unknown[]): this {
    return this.append(toExpression(text, { parameters }).args)
  }
}

function treeOf(term: Term<never>): Expression {
  if (typeof term === 'function') return term(new Conditions<never>(node('and', []))).expression
  return toExpression(term instanceof Conditions ? term.expression : (term as QueryLike))
}

function partOf(part: unknown): unknown {
  return typeof part === 'function' ? single(treeOf(part as Ask<never>)) : part
}

/** An `and` of one term is that term. */
function single(expression: Expression): Expression {
  const [only] = expression.args
  return expression.args.length === 1 && isExpression(only) ? only : expression
}
