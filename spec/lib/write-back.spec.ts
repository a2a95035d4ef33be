import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { writingBack } from '../../lib/write-back.js'
import { memory } from '../../stores/memory.js'
import { failing } from '../../wrappers/failing.js'
import { replicated } from '../../wrappers/replicated.js'
import { revisions } from '../../wrappers/revisions.js'
import { transactional } from '../../wrappers/transactional.js'
import { views } from '../../wrappers/views.js'
import { bare } from '../wrappers/transactional/bare.js'

type Note = { id: number; text?: string; _rev?: number }

const shown = () => revisions(memory<Note, number>(), { property: '_rev' })

describe('what is written back', () => {
  it('is without what the store sets by itself, wherever in the stack', async () => {
    const stack = await views(shown(), { byText: { map: (note, emit) => emit(note.text) } })
    const note = Object.freeze({ id: 1, text: 'kelp', _rev: 3 })
    expect(writingBack(stack as Store)(note)).to.deep.equal({ id: 1, text: 'kelp' })
    expect(writingBack(memory())(note)).to.equal(note)
    expect(writingBack(stack as Store)(undefined)).to.equal(undefined)
  })

  it('peers that each show revisions of their own agree on the rest', async () => {
    const [a, b] = ['a', 'b'].map(node => replicated(shown(), {}, { log: memory(), node }))
    if (!a || !b) return
    const tell = async (from: typeof a, to: typeof a) => {
      for await (const each of from.changes.query('at>0')) await to.changes.put(each)
    }
    for (const text of ['one', 'two', 'three']) {
      await a.put({ id: 1, text })
      if (text !== 'one') await tell(a, b)
    }
    expect(b.get(1)).to.deep.equal({ id: 1, text: 'three', _rev: 1 })
    await b.put({ id: 1, _rev: 1, text: 'four' })
    await b.delete(1)
    await b.put({ id: 1, text: 'five' })
    await tell(b, a)
    expect(a.get(1)).to.deep.equal({ id: 1, text: 'five', _rev: 3 })
    const refused = () => replicated(shown(), { copy: shown() }, { log: memory() })
    expect(refused).to.throw('a replica that shows revisions of its own')
  })

  it('a transaction that fails in the middle is taken back', async () => {
    let writes = 0
    const kept = revisions(bare() as unknown as Store<Note, number>, { property: '_rev' }) as Required<
      Store<Note, number>
    >
    const fails = failing(kept, { when: ({ method }) => (method === 'put' && ++writes === 4 ? 'before' : undefined) })
    const store = transactional(fails)
    for (const note of [{ id: 1, text: 'old' }, { id: 2 }]) await store.put(note)
    const error = await transaction(store, async tx => {
      for (const id of [1, 2]) await tx.put({ id, text: 'new' })
    }).catch(error => error)
    expect(isStoreError(error, 'UnknownError')).to.equal(true)
    expect([await kept.get(1), await kept.get(2)]).to.deep.equal([
      { id: 1, text: 'old', _rev: 2 },
      { id: 2, _rev: 0 },
    ])
  })
})
