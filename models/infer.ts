/** A first definition of a model, from the objects that are stored. */
import { StoreError } from '../lib/errors.js'
import { node } from '../lib/query/expression.js'
import { can, type Data, type Id, type Options, type Store } from '../lib/store.js'
import { equal } from '../lib/value.js'
import { printModel } from './infer/print.js'
import { countOf, limits, type Profile, profile } from './infer/profile.js'
import { type Enumerated, type Proposed, proposeObject } from './infer/propose.js'
import { take } from './infer/take.js'
import { reserved } from './model/class.js'

export type { Enumerated, Proposed, ProposedSchema } from './infer/propose.js'

export interface InferOptions extends Options {
  /** Looks at about so many objects, from the first to the last; at all by default. */
  readonly sample?: number | undefined
  /** What the model is to be called. */
  readonly title?: string | undefined
  /** Called after each thousand objects. */
  readonly progress?: ((progress: { readonly done: number }) => void) | undefined
}

export interface InferredDefinition {
  readonly title?: string
  readonly idProperty?: string
  readonly properties: Readonly<Record<string, Proposed>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Proposed
}

export interface Proposal {
  /** How many objects were looked at. */
  readonly objects: number
  /** For `Model`, as plain data. All that was looked at is valid for it. */
  readonly definition: InferredDefinition
  /** Where few strings are there often: how often each. */
  readonly enums: readonly Enumerated[]
  /** Properties whose values are all different; those with many values, which an index would help to find. */
  readonly candidates: { readonly unique: readonly string[]; readonly index: readonly string[] }
  /** Properties that no model can have, as they are the names of methods. */
  readonly unfit: readonly string[]
  /** As TypeScript, to paste: `const Thing = Model(store, { … })`. */
  toString(): string
}

/**
 * Proposes a definition for a store's objects. Takes time in proportion to them, and memory for the places in them and for
 * half a million of their values at most. What is rare in the data, or not in the sample, it cannot know: to be read, not believed.
 */
export async function infer(store: Store, options: InferOptions = {}): Promise<Proposal> {
  const { title, signal, progress } = options
  const budget = { places: limits.places, keys: limits.keys }
  const root = profile(budget)
  const ends: Data[] = []
  for await (const object of objectsOf(store, options)) {
    signal?.throwIfAborted()
    if (ends.length > 1) ends.pop()
    ends.push(object)
    take(root, object, budget)
    if (root.count % 1000 === 0) progress?.({ done: root.count })
  }

  const idProperty = await findId(store, root, ends)
  const enums: Enumerated[] = []
  const unfit = reserved.prototype.filter(name => root.properties.delete(name))
  if (unfit.length > 0) root.odd = true
  const { type: _, properties = {}, required = [], ...rest } = proposeObject(root, [], { budget, enums })
  const needed = required.filter(name => name !== idProperty)
  const definition: InferredDefinition = {
    ...(title !== undefined && { title }),
    ...(idProperty !== 'id' && { idProperty }),
    properties: { ...properties, ...plainId(properties, idProperty) },
    ...(needed.length > 0 && { required: needed }),
    ...rest,
  }
  const shown = enums.filter(({ path }) => path[0] !== idProperty)
  const candidates = candidatesIn(root, definition, idProperty)
  const proposal = { objects: root.count, definition, enums: shown, candidates, unfit }
  const text = { value: () => print(proposal) }
  return Object.freeze(Object.defineProperty(proposal as Proposal, 'toString', text))
}

async function* objectsOf(store: Store, { sample, signal }: InferOptions): AsyncGenerator<Data, undefined> {
  if (!can(store, 'query')) throw new StoreError('NotSupportedError', 'the store has no query')
  const total = sample === undefined || !can(store, 'count') ? 0 : await store.count(undefined, { signal })
  const step = sample === undefined ? 1 : Math.max(1, Math.ceil(total / sample))
  const asked = sample !== undefined && total === 0 ? node('limit', [sample]) : undefined
  let at = 0
  for await (const object of store.query(asked, { signal })) if (at++ % step === 0) yield object
}

/** The property by which the store names its objects: `id` if they have that, else one that it finds them by. */
async function findId(store: Store, root: Profile, [first, last = first]: readonly Data[]): Promise<string> {
  if (!first || !last || Object.hasOwn(first, 'id') || !can(store, 'get')) return 'id'
  for (const [name, { profile }] of root.properties) {
    const isId = ['string', 'number'].includes(typeof first[name]) && profile.count === root.count
    if (!isId || profile.distinct?.repeated) continue
    if ((await isFound(store, first, name)) && (await isFound(store, last, name))) return name
  }
  return 'id'
}

async function isFound(store: Store, object: Data, name: string): Promise<boolean> {
  try {
    return equal({ ...(await store.get?.(object[name] as Id)) }, { ...object })
  } catch {
    // what is no id is refused
    return false
  }
}

/** Ids are no enumeration. */
function plainId(properties: Readonly<Record<string, Proposed>>, idProperty: string) {
  const { [idProperty]: id } = properties
  if (typeof id !== 'object') return undefined
  const { enum: _, ...schema } = id
  return { [idProperty]: schema }
}

/** From how many values on it is no wonder that they are different. */
const enough = 10

function candidatesIn(root: Profile, { properties }: InferredDefinition, idProperty: string): Proposal['candidates'] {
  const [unique, index]: [string[], string[]] = [[], []]
  for (const [name, { profile }] of root.properties) {
    const { [name]: schema } = properties
    const { distinct } = profile
    const present = profile.count - countOf(profile, 'null')
    if (name === idProperty || !distinct || distinct.full || typeof schema !== 'object' || schema.enum) continue
    const names = countOf(profile, 'string') + countOf(profile, 'integer') === present
    const isNamed = names && !distinct.repeated && 2 * present >= root.count
    if (present < enough || distinct.keys.size < enough) continue
    if (isNamed) unique.push(name)
    else if (distinct.repeated || countOf(profile, 'date') === present) index.push(name)
  }
  return { unique, index }
}

function print({ definition, enums, candidates, unfit, objects }: Omit<Proposal, 'toString'>): string {
  const remarks = new Map<string, string>()
  for (const name of candidates.unique) remarks.set(name, 'all values are different: unique?')
  for (const name of candidates.index) remarks.set(name, 'many values: index?')
  for (const { path, counts } of enums) {
    const [name, more] = path
    const shown = Object.entries(counts).map(([value, count]) => `${JSON.stringify(value)} ${count}`)
    if (more === undefined && name !== undefined) remarks.set(name, shown.join(', '))
  }
  const name = definition.title?.replace(/[^\w$]/g, '').replace(/^\d+/, '') || 'Thing'
  return [
    `// inferred from ${objects} object${objects === 1 ? '' : 's'}`,
    ...unfit.map(name => `// ${name} cannot be a property: it is the name of a method of instances`),
    printModel(name, definition as never, remarks),
    '',
  ].join('\n')
}
