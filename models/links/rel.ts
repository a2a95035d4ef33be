/** Conditions on what objects link to: the other model is asked first, and its answer becomes a list of ids. */
import { StoreError } from '../../lib/errors.js'
import { type Expression, expression, node } from '../../lib/query/expression.js'
import { toExpression } from '../../lib/query/operators.js'
import type { Options } from '../../lib/store.js'
import { checkQuery } from '../model/view.js'
import { found, holding, keysOf } from './ids.js'
import type { Network, Targets } from './network.js'

/** Is there such a condition in the query? */
export function hasRel({ name, args }: Expression): boolean {
  if (name === 'rel') return true
  return joining.has(name) && (args as readonly Expression[]).some(hasRel)
}

const joining = new Set(['and', 'or', 'not'])

/** The query without such conditions, as the store of the model can answer it. Asks once for each of them. */
export async function withoutRel(
  query: Expression,
  model: string,
  network: Network,
  targets: Targets,
  options: Options,
): Promise<Expression> {
  const { graph, member } = network

  async function answered(term: Expression, from: string): Promise<Expression> {
    if (term.name === 'rel') return linking(term, from)
    if (!hasRel(term)) return term
    const args: Expression[] = []
    for (const each of term.args as readonly Expression[]) args.push(await answered(each, from))
    return node(term.name, args)
  }

  async function linking({ args: [path, given] }: Expression, from: string): Promise<Expression> {
    const [rel = '', ...rest] = [path as string | readonly string[]].flat()
    const end = graph.ends(from).get(rel)
    if (!end) throw new StoreError('DataError', `there is no link ${JSON.stringify(rel)} in ${from}`)
    const condition = rest.length > 0 ? node('rel', given === undefined ? [rest] : [rest, given]) : given
    const { idProperty, schema } = member(end.to).setup
    const asked = toExpression(condition as Expression | undefined)
    checkQuery(asked, schema.rules.blocked)
    const held = end.forward ? idProperty : end.property
    const values = node('and', [await answered(asked, end.to), expression('values', held)])
    const keys = keysOf([...((await found(targets(end.to), values, options)) as Iterable<unknown>)].flat())
    const own = { property: member(from).setup.idProperty, array: false }
    return holding(end.forward ? end : own, keys)
  }

  return answered(query, model)
}
