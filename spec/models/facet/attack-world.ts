/** People of whom some, and some of each, are hidden: what is hidden carries a canary, to be found wherever it comes out. */
import type { Store } from '../../../lib/store.js'
import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'

export const canary = 'CANARY'

export const definition = {
  properties: {
    name: String,
    owner: String,
    age: { type: 'integer' },
    email: { type: 'string', unique: true },
    ssn: String,
    card: String,
    tags: { type: 'array' },
    home: { type: 'object' },
    bossId: String,
    code: { type: 'string', readonly: true },
  },
  prototype: {
    greet(this: { name: string }) {
      return `hello ${this.name}`
    },
    tell() {
      return { ...this }
    },
  },
  static: {
    everything(this: { query(): { toArray(): unknown } }) {
      return this.query().toArray()
    },
    cursor(this: { query(): unknown }) {
      return this.query()
    },
    itself(this: unknown) {
      return [this]
    },
  },
} as const

/** Mine are seen; yours are hidden, and so are the `ssn`, the `code` and what is in the `card` of all. `hidden` varies what is not seen. */
export function people(hidden = 'A'): object[] {
  const secret = (what: string) => `${canary}-${hidden}-${what}`
  const mine = [0, 1, 2, 3].map(at => ({
    id: `m${at}`,
    name: `Mine ${at % 2}`,
    owner: 'me',
    age: 20 + at,
    email: `${at}@mine`,
    ssn: secret(`ssn${at}`),
    card: secret(`card${at}`),
    tags: ['a', { label: `t${at}` }],
    home: { city: `City ${at}`, rooms: at },
    bossId: `m${(at + 1) % 4}`,
    code: secret(`code${at}`),
  }))
  const yours = (hidden === 'A' ? [0, 1, 2] : [0, 3, 4, 5]).map(at => ({
    id: `y${at}`,
    name: secret(`name${at}`),
    owner: secret('owner'),
    age: hidden === 'A' ? at : 90 - at,
    email: secret(`mail${at}`),
    ssn: secret(`ssn-y${at}`),
    card: secret(`card-y${at}`),
    tags: [secret(`tag${at}`)],
    home: { city: secret(`city${at}`) },
  }))
  return [...mine, ...yours]
}

/** Ids that tell nothing. */
export function ids(): () => string {
  let last = 0
  return () => `new${++last}`
}

export function peopleIn(store: Store = memory({ generateId: ids() } as never) as Store, hidden?: string) {
  for (const each of people(hidden)) store.add?.(each)
  return Model(store as never, definition as never) as unknown as object & Required<Store>
}

/** Rules that hide people of others, and some of what they have. */
export const hiding = {
  where: 'owner=me',
  properties: {
    ssn: { blocked: true },
    card: { blocked: true },
    code: { blocked: true },
    email: { writable: false },
  },
} as const

/** All that can be read of what somebody got, as text. */
export function textOf(given: unknown): string {
  const seen = new Set<unknown>()
  const parts: string[] = []
  const waiting: unknown[] = [given]
  // what a holder has made himself may be endless
  for (let looks = 0; waiting.length > 0 && looks < 100_000; looks++) {
    const value = waiting.pop()
    if (typeof value !== 'object' && typeof value !== 'function') {
      parts.push(String(value))
      continue
    }
    if (value === null || seen.has(value)) continue
    seen.add(value)
    if (value instanceof Date || value instanceof Uint8Array) parts.push(String(value))
    if (value instanceof Error) parts.push(String(value.stack), String(value))
    for (const key of Reflect.ownKeys(value)) {
      parts.push(String(key))
      const { value: content } = Reflect.getOwnPropertyDescriptor(value, key) as PropertyDescriptor
      waiting.push(content)
    }
  }
  return parts.join('\n')
}

/** What comes of a call: what it gives, or its error. */
export async function outcome(work: () => unknown): Promise<{ readonly result?: unknown; readonly error?: unknown }> {
  try {
    return { result: await work() }
  } catch (error) {
    return { error }
  }
}

/** Errors with no places in their stacks, which take most of the time of a test that makes many. */
export function withoutPlaces(): void {
  const { stackTraceLimit } = Error
  before(() => {
    Error.stackTraceLimit = 0
  })
  after(() => {
    Error.stackTraceLimit = stackTraceLimit
  })
}
