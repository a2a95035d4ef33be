import { expect } from 'chai'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { Model } from '../../models/model.js'
import { directory } from '../../stores/directory.js'
import { memory } from '../../stores/memory.js'
import { batched } from '../../wrappers/batched.js'
import { cache } from '../../wrappers/cache.js'
import { expires } from '../../wrappers/expires.js'
import { failing } from '../../wrappers/failing.js'
import { fullText } from '../../wrappers/full-text.js'
import { history } from '../../wrappers/history.js'
import { indexed } from '../../wrappers/indexed.js'
import { inherited } from '../../wrappers/inherited.js'
import { readonly } from '../../wrappers/readonly.js'
import { replicated } from '../../wrappers/replicated.js'
import { revisions } from '../../wrappers/revisions.js'
import { slow } from '../../wrappers/slow.js'
import { traced } from '../../wrappers/traced.js'
import { transactional } from '../../wrappers/transactional.js'
import { views } from '../../wrappers/views.js'
import { writeBehind } from '../../wrappers/write-behind.js'

const wrappers: Record<string, (inner: Store) => unknown> = {
  batched,
  cache: inner => cache(inner, { max: 10 }),
  expires,
  failing: inner => failing(inner, { when: () => undefined }),
  fullText: inner => fullText(inner, { fields: ['text'] }),
  history: inner => history(inner, { log: memory() }),
  indexed,
  inherited: inner => inherited(inner, { type: 'a' }),
  readonly,
  replicated: inner => replicated(inner, {}, { log: memory() }),
  revisions,
  slow,
  traced,
  transactional,
  views: inner => views(inner, { all: { map: (_, emit) => emit(1) } }),
  writeBehind,
  Model: inner => Model(inner, { properties: {} }),
  transaction: inner => transaction(inner, () => {}),
}

/** What somebody may well give by mistake, and what he is told. */
const mistakes: [unknown, RegExp][] = [
  ['data.json', /store.*, not a string/],
  [undefined, /store.*, not undefined/],
  [null, /store.*, not null/],
  [memory, /store.*, not the function memory: call it/],
  [directory({ path: '/nowhere/at/all' }).catch(() => {}), /store.*, not the promise of one: await it/],
]

describe('what is no store', () => {
  for (const [name, wrap] of Object.entries(wrappers)) {
    it(`is refused by ${name}`, async () => {
      for (const [mistake, told] of mistakes) {
        const made = new Promise<unknown>(resolve => resolve(wrap(mistake as Store)))
        const error = await made.catch((error: unknown) => error as Error)
        expect(error).to.be.an.instanceOf(TypeError)
        expect(String(error)).to.match(told)
      }
    })
  }
})
