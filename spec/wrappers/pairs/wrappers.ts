import type { MaybePromise, Store } from '../../../lib/store.js'
import { memory } from '../../../stores/memory.js'
import { aggregate } from '../../../wrappers/aggregate.js'
import { cache } from '../../../wrappers/cache.js'
import { expires } from '../../../wrappers/expires.js'
import { fullText } from '../../../wrappers/full-text.js'
import { history } from '../../../wrappers/history.js'
import { inherited } from '../../../wrappers/inherited.js'
import { replicated } from '../../../wrappers/replicated.js'
import { revisions } from '../../../wrappers/revisions.js'
import { views } from '../../../wrappers/views.js'

/** Makes a wrapper around a store; `beside` gives it new stores for its own data. */
export type Wrap = (inner: Store, beside: () => Store) => MaybePromise<Store>

/** What the suite asks for most stands in both parts. */
const named = ['age', 'tags', 'n', 'value', 'email', 'q', '__proto__', 'list']
/** Longer than any test, and not for ever. */
const ttl = 1e9

/** The wrappers that change what a store does, as they are stacked. */
export const wrappers: Readonly<Record<string, Wrap>> = {
  cache: inner => cache(inner, { max: 100, ttl, negativeTtl: ttl, queries: true, subscribe: true }),
  aggregate: (inner, beside) => aggregate([{ store: inner, properties: named }, { store: beside() }]),
  replicated: (inner, beside) => replicated(inner, { one: memory() }, { log: beside(), mode: 'sync' }),
  fullText: inner => fullText(inner, { fields: ['name', 'text', 'p'] }),
  inherited(inner) {
    inherited(inner, { type: 'dog', extends: 'animal' })
    return inherited(inner, { type: 'animal' })
  },
  history: (inner, beside) => history(inner, { log: beside() }),
  revisions: inner => revisions(inner),
  views: inner => views(inner, { byAge: { map: (object, emit) => emit((object as { age?: unknown }).age) } }),
  expires: inner => expires(inner, { ttl }),
}

/** What keeps objects, or something of them, after they have expired: refused where it is built. */
export const refused = ['aggregate', 'replicated', 'history', 'revisions', 'views'].map(outer => `${outer}(expires)`)
