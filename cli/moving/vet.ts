/** Looks at what is to be imported, before anything is written. */
import { toKey } from '../../lib/id.js'
import { identity } from '../../lib/identity.js'
import type { Data, Id } from '../../lib/store.js'
import { equal } from '../../lib/value.js'
import { memory } from '../../stores/memory.js'
import { modelOf } from '../places/model.js'
import type { Opened } from '../places/open.js'

/** What is to be done with an object. */
export type Verdict = 'add' | 'replace' | 'leave'

export interface Vetted {
  readonly verdict: Verdict
  readonly object: Data
}

export interface VetOptions {
  readonly overwrite: boolean
  /** A definition that each object must fulfil, and that gives text its types. */
  readonly schema: object | undefined
}

/** Throws what is wrong with an object; else says what is to be done with it. Each object is to be asked about once, in order. */
export async function vetting({ store, idProperty, total }: Opened, { overwrite, schema }: VetOptions) {
  const identify = identity({ idProperty })
  const seen = new Set<Id>()
  const empty = (await total()) === 0
  const complete = completing(schema, idProperty)

  return async (given: object): Promise<Vetted> => {
    const object = await complete(given)
    const { id, generated } = identify(object)
    if (generated) return { verdict: 'add', object }
    const key = toKey(id)
    if (seen.has(key)) throw new Error(`the ${idProperty} ${id} is that of an object before it`)
    seen.add(key)
    const stored = empty ? undefined : await store.get?.(id)
    if (stored === undefined) return { verdict: 'add', object }
    if (equal(stored, object)) return { verdict: 'leave', object }
    if (overwrite) return { verdict: 'replace', object }
    throw new Error(`another object is stored under ${id}: --overwrite replaces it`)
  }
}

/** By a schema, converts text to its types and adds its defaults; throws what does not fulfil it. */
export function completing(schema: object | undefined, idProperty: string): (given: object) => Data | Promise<Data> {
  if (!schema) return given => given as Data
  const Thing = modelOf(memory(), { idProperty, ...schema, coerce: true })
  return async given => {
    const result = await Thing['~standard'].validate(given)
    if (result.issues) throw new Error(result.issues.map(({ message }) => message).join('; '))
    return result.value as Data
  }
}
