import { type Expression, isExpression, isTree, node } from './expression.js'
import { type ParseOptions, parse } from './parse.js'

export { type Kind, type Operator, operatorOf, operators } from './table.js'

/** What a query may be given as: text, a tree, or a plain object in the shape of one. Nothing is everything. */
export type QueryLike = string | Expression | undefined

/**
 * The checked tree of a query, always an `and` at the top. Costs a parse for text, a walk for a plain object,
 * nothing for a tree that was made before. `parameters` are for text; a tree holds its values already.
 */
export function toExpression(query: QueryLike, options?: ParseOptions): Expression {
  if (query === undefined) return node('and', [])
  if (typeof query === 'string') return parse(query, options)
  const tree: unknown = query
  if (!isExpression(tree) && isTree(tree)) return toExpression(node(tree.name, tree.args))
  if (isExpression(tree)) return tree.name === 'and' ? tree : node('and', [tree])
  throw new TypeError('a query is text or an expression { name, args }')
}
