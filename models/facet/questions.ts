/** Questions asked through a layer: vetted, joined with the condition on what is there, answered with what is seen. */
import { type Expression, isExpression, node } from '../../lib/query/expression.js'
import { toExpression } from '../../lib/query/operators.js'
import { plan } from '../../lib/query/plan.js'
import { run } from '../../lib/query/run.js'
import type { Data, MaybePromise, Options, QueryOptions } from '../../lib/store.js'
import { isPromise } from '../../lib/when.js'
import { givesObjects } from '../model/view.js'
import type { Asking, Authority } from './authority.js'
import { type Items, mapped } from './items.js'
import type { Policy } from './policy.js'
import { refuse } from './refusal.js'
import { secret } from './secret.js'
import { see } from './see.js'
import { vet, vetLimit } from './vet.js'

/** By which layers a condition was made what it is underneath: these have joined what they must, and need not look once more. */
const made = secret<Set<Policy>>()

/** Has this layer made it? */
export function isBelow(condition: Expression, policy: Policy): boolean {
  return made.of(condition)?.has(policy) === true
}

export function questions(inner: Authority, policy: Policy) {
  const { where, gated, permits } = policy
  const changes = policy.hides || policy.getters.size > 0

  /** What a condition asked here is underneath. */
  function joined(query: Expression): Expression {
    const linked = policy.links.size > 0 ? (relinked(query, policy) as Expression) : query
    return where ? node('and', [where, ...linked.args]) : linked
  }

  function query(asked: Expression, { all, ...options }: Asking): Items {
    vet(asked, policy)
    if (!all) vetLimit(asked, policy, options)
    if (gated) return gate(asked, options)
    const found = inner.query(joined(asked), all ? { ...options, all } : options)
    if (!changes) return found
    const shape = shapeOf(asked)
    return shape === 'other' ? found : mapped(found, item => see(item as Data, policy, shape === 'parts'))
  }

  /** Each object is looked at: what is asked for is made of those that are there. */
  function gate(asked: Expression, { signal, start, end }: QueryOptions): Items {
    if (!inner.has('query')) refuse('NotAllowedError', 'objects cannot be looked at here')
    const { condition, stages } = plan(asked, { start, end })
    const objects = inner.query(joined(node('and', condition ? [condition] : [])), { signal, all: true })
    const kept = filtered(objects as Iterable<Data> | AsyncIterable<Data>, permits)
    const answer = (all: readonly Data[]) =>
      run(
        all.map(each => see(each, policy)),
        { condition: undefined, stages },
      )
    return isPromise(kept) ? later(kept.then(answer)) : answer(kept)
  }

  function count(asked: Expression, options: Options): MaybePromise<number> {
    vet(asked, policy)
    return counted(asked, options)
  }

  function counted(asked: Expression, options: Options): MaybePromise<number> {
    if (!gated) return inner.count(joined(asked), options)
    const found = gate(asked, options)
    return Symbol.iterator in found ? [...found].length : lengthOf(found)
  }

  return {
    query,
    count,
    /** How many objects there are, for this layer. */
    countAll: () => counted(node('and', []), {}),
    below(condition: Expression): Expression {
      vet(condition, policy)
      if (gated) refuse('NotAllowedError', 'a link cannot be asked through where each object is looked at')
      const below = inner.below(joined(condition))
      const by = made.of(below)
      if (by) by.add(policy)
      else made.keep(below, new Set([policy]))
      return below
    },
  }
}

/** In place of conditions on what a link leads to, what they are underneath the facet of that. */
function relinked(term: unknown, policy: Policy): unknown {
  if (!isExpression(term)) return term
  const { name, args } = term
  if (name !== 'rel')
    return node(
      name,
      args.map(each => relinked(each, policy)),
    )
  const [rel, condition] = args
  const known = [...policy.links.keys()].join(', ')
  const target =
    policy.links.get(String(rel)) ?? refuse('NotAllowedError', `${rel} cannot be followed here; what can is ${known}`)
  return node('rel', [rel, target.below(toExpression(condition as Expression | undefined))])
}

const cutting = new Set(['sort', 'limit', 'distinct', 'first', 'one', 'select', 'unselect'])

/** What a query gives: whole objects, parts of them, or something made of them. */
function shapeOf(query: Expression): 'objects' | 'parts' | 'other' {
  if (givesObjects(query)) return 'objects'
  return plan(query).stages.every(({ name }) => cutting.has(name)) ? 'parts' : 'other'
}

function filtered(
  objects: Iterable<Data> | AsyncIterable<Data>,
  permits: (object: Data) => MaybePromise<boolean>,
): MaybePromise<Data[]> {
  const kept: Data[] = []
  if (!(Symbol.iterator in objects)) return awaited(objects, permits, kept)
  const iterator = objects[Symbol.iterator]()
  function next(): MaybePromise<Data[]> {
    for (;;) {
      const { value, done } = iterator.next()
      if (done) return kept
      const permitted = permits(value)
      if (isPromise(permitted)) {
        return permitted.then(yes => {
          if (yes) kept.push(value)
          return next()
        })
      }
      if (permitted) kept.push(value)
    }
  }
  return next()
}

async function awaited(
  objects: AsyncIterable<Data>,
  permits: (object: Data) => MaybePromise<boolean>,
  kept: Data[],
): Promise<Data[]> {
  for await (const object of objects) if (await permits(object)) kept.push(object)
  return kept
}

async function* later(coming: Promise<Iterable<unknown>>): AsyncGenerator<unknown, undefined> {
  yield* await coming
}

async function lengthOf(items: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const _ of items) count++
  return count
}
