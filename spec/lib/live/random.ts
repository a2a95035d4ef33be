/** Random queries that can be kept up to date, and random writes. */
import type { Id, Store } from '../../../lib/store.js'
import type { Random } from '../../oracle/random.js'

export type Thing = Record<string, unknown>

const conditions = [
  'n>3', 'n=2', 'n!=4', 's=b', 's=null', 'in(n,(1,5,6))', '(n<2|s=c)', 'not(n=3)', 'contains(tags,x)', 'exists(s,false)',
  'between(n,(2,6))', 'id>10', 'match(s,glob:b*)', 'out(s,(a,b))', 'excludes(tags,y)', 'ge(s,b)',
] // biome-ignore format: a list

const sorts = ['sort(n)', 'sort(-n)', 'sort(s,-n)', 'sort(tags)', 'sort(-id)', 'sort(n)&sort(s)', 'sort((at,x))']

const projections = ['select(n)', 'select(n,s)', 'unselect(n)', 'unselect(id)', 'values(s)', 'values(n,s)', 'values()']

/** Has each part or not. Some cannot be kept up to date. */
export function randomQuery(chance: Random): string {
  const { below, pick } = chance
  const maybe = (probability: number, make: () => string) => (chance.chance(probability) ? [make()] : [])
  const limit = () => `limit(${below(6)}${chance.chance(0.5) ? `,${below(5)}` : ''})`
  return [
    ...maybe(0.6, () => pick(conditions)),
    ...maybe(0.3, () => pick(conditions)),
    ...maybe(0.6, () => pick(sorts)),
    ...maybe(0.3, () => pick(projections)),
    ...maybe(0.3, () => 'distinct()'),
    ...maybe(0.1, () => pick(sorts)),
    ...maybe(0.6, limit),
    ...maybe(0.1, () => 'limit(3,1)'),
    ...maybe(0.1, () => 'first()'),
    ...maybe(0.3, () => pick(projections)),
    ...maybe(0.1, () => 'distinct()'),
    ...maybe(0.1, () => 'select(n)'),
    ...maybe(0.1, limit),
  ].join('&')
}

export function randomThing({ below, pick, chance }: Random, id: Id = randomId({ below, chance })): Thing {
  return {
    id,
    ...(chance(0.8) && { n: below(8) }),
    ...(chance(0.8) && { s: pick(['a', 'b', 'c', 'bb', null]) }),
    ...(chance(0.5) && { tags: pick([[], ['x'], ['x', 'y']]) }),
    ...(chance(0.3) && { at: { x: below(3) } }),
  }
}

function randomId({ below, chance }: Pick<Random, 'below' | 'chance'>): Id {
  const number = below(20)
  return chance(0.3) ? `k${number}` : number
}

type Writable = Pick<Required<Store<Thing, Id>>, 'put' | 'delete'> & Pick<Store<Thing, Id>, 'transaction'>

/** One write, or one transaction of several, which may be aborted. */
export async function randomWrite(store: Writable, chance: Random): Promise<void> {
  if (!store.transaction || chance.chance(0.7)) return writeTo(store, chance)
  const tx = await store.transaction()
  for (let left = 1 + chance.below(6); left > 0; left--) await writeTo(tx as Writable, chance)
  await (chance.chance(0.3) ? tx.abort() : tx.commit())
}

async function writeTo(target: Pick<Writable, 'put' | 'delete'>, chance: Random): Promise<void> {
  const thing = randomThing(chance)
  if (chance.chance(0.3)) await target.delete(thing.id as Id)
  else await target.put(thing)
}
