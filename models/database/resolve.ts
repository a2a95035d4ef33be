/** Paths: from the name of a model over ids, links and properties to what is there. */
import { StoreError } from '../../lib/errors.js'
import type { Data, Options } from '../../lib/store.js'
import type { Models } from '../links/follow.js'
import type { End } from '../links/graph.js'
import type { Network } from '../links/network.js'
import { Instance } from '../model/instance.js'

type Step = (item: unknown) => unknown

interface Following {
  link(rel: string, options?: Options): Promise<unknown>
  links(rel: string, query?: string, options?: Options): Promise<unknown[]>
}

/** Resolves paths. A path is a `DataError` if it is none, or asks a query of what cannot be asked. */
export function resolver({ graph, names }: Network, models: Models) {
  return async function resolve(path: string, { signal }: Options = {}): Promise<unknown> {
    if (typeof path !== 'string') throw new TypeError('a path is a text')
    signal?.throwIfAborted()
    const { segments, query } = taken(path)
    const [name, ids, ...steps] = segments as [string, string | readonly string[] | undefined, ...string[]]
    if (!names.includes(name)) return undefined
    if (ids === undefined) return models(name).query(query, { signal }).toArray()

    let model: string | undefined = name
    let many = Array.isArray(ids)
    let item: unknown = await onEach([ids].flat(), (id: string) => models(name).get(id, { signal }))
    if (!many) [item] = item as unknown[]
    const follow = (step: Step) => (many ? onEach(item as unknown[], step) : step(item))

    let asked = query
    for (const [position, step] of steps.entries()) {
      const end: End | undefined = model === undefined ? undefined : graph.ends(model).get(step)
      if (end?.many) {
        const wanted = position === steps.length - 1 ? asked : undefined
        if (wanted !== undefined) asked = undefined
        const found = await follow(each => (each as Following | undefined)?.links(step, wanted, { signal }) ?? [])
        item = (found as unknown[]).flat()
        many = true
      } else if (end) item = await follow(each => (each as Following | undefined)?.link(step, { signal }))
      else item = await follow(each => propertyOf(each, step))
      model = end?.to
    }
    if (asked === undefined) return item
    throw new StoreError('DataError', `only a model, or a link to many, can be asked: ${JSON.stringify(path)}`)
  }
}

async function onEach(items: readonly unknown[], step: (item: never) => unknown): Promise<unknown[]> {
  const all: unknown[] = []
  for (const item of items) all.push(await step(item as never))
  return all
}

interface Taken {
  /** The second is a list, if it stands in parentheses. */
  readonly segments: readonly (string | readonly string[])[]
  readonly query: string | undefined
}

function taken(path: string): Taken {
  const mark = path.indexOf('?')
  const way = mark < 0 ? path : path.slice(0, mark)
  const [name = '', ids, ...steps] = way.replace(/^\/|\/$/g, '').split('/')
  const several = /^\((.*)\)$/.exec(ids ?? '')?.[1]
  const list = several === undefined ? undefined : several === '' ? [] : several.split(',').map(decoded)
  return {
    segments: [decoded(name), ...(ids === undefined ? [] : [list ?? decoded(ids)]), ...steps.map(decoded)],
    query: mark < 0 ? undefined : path.slice(mark + 1),
  }
}

/** An own property of a plain object or an instance, or an element of an array. Nothing else has any here. */
function propertyOf(item: unknown, name: string): unknown {
  if (Array.isArray(item)) return /^(?:0|[1-9]\d*)$/.test(name) ? item[Number(name)] : undefined
  if (typeof item !== 'object' || item === null || !Object.hasOwn(item, name)) return undefined
  const plain = item instanceof Instance || Object.getPrototypeOf(item) === Object.prototype
  return plain ? (item as Data)[name] : undefined
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch (cause) {
    throw new StoreError('DataError', `a path has a % that stands for nothing: ${JSON.stringify(segment)}`, { cause })
  }
}
