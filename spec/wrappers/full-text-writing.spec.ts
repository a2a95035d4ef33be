import { expect } from 'chai'
import { derive } from '../../lib/derive.js'
import { StoreError } from '../../lib/errors.js'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { fullText } from '../../wrappers/full-text.js'
import { forwarded, forwardedInside } from '../forwarded.js'
import { newSeed, random } from '../oracle/random.js'
import { ids, type Note, nameOfError, notes, open, paths } from './full-text/notes.js'

describe('fullText, writing', () => {
  it('follows puts, adds and deletes', async () => {
    const store = await open()
    store.put({ id: 1, text: 'sand' })
    store.add({ id: 7, title: 'kelp', text: 'kelp kelp' })
    store.delete(2)
    expect(Array.from(store.search('kelp'), ({ id, score }) => [id, score])).to.deep.equal([
      [7, 3],
      [3, 1],
    ])
    store.put({ id: 7, title: 'kelp' }, { id: '7' as never })
    expect(ids(store.search('kelp'))).to.deep.equal([3, 7])
    expect(ids(store.query('match(kelp)'))).to.deep.equal([3, 7])
    store.put({ id: '7' as never, title: 'kelp' })
    expect(ids(store.query('match(kelp)'))).to.deep.equal([3, '7'])
  })

  it('finds an object whose id the store has made', async () => {
    const store = await fullText(memory<{ id?: string; text: string }, string>(), { fields: ['text'] })
    const id = store.add({ text: 'kelp' })
    expect(Array.from(store.search('kelp'), hit => hit.id)).to.deep.equal([id])
    expect(Array.from(store.query('match(kelp)'), object => object.id)).to.deep.equal([id])
  })

  it('a write that fails leaves the index as it was', async () => {
    const store = await open()
    expect(nameOfError(() => store.add({ id: 1, text: 'sand' }))).to.equal('ConstraintError')
    expect(nameOfError(() => store.put({ id: 2, text: 'sand' }, { ifMatch: '"no"' }))).to.equal(
      'PreconditionFailedError',
    )
    expect(nameOfError(() => store.put({ id: 1.5, text: 'sand' }))).to.equal('DataError')
    expect(nameOfError(() => store.put('sand' as never))).to.equal('TypeError')
    expect(nameOfError(() => store.delete(1, { ifMatch: '"no"' }))).to.equal('PreconditionFailedError')
    expect(ids(store.search('sand'))).to.deep.equal([])
    expect(ids(store.search('kelp'))).to.deep.equal([1, 2, 3])
  })

  it('what tokenize throws refuses the write', async () => {
    const tokenize = (text: string) => {
      if (text === 'bad') throw new Error('no words')
      return text.split(' ')
    }
    const store = await fullText(memory<Note, number>({ objects: notes }), { fields: ['title'], tokenize })
    expect(() => store.put({ id: 1, title: 'bad' })).to.throw('no words')
    expect(store.get(1)).to.deep.equal(notes[0])
    expect(ids(store.search('Kelp'))).to.deep.equal([1])
    expect(ids(store.search('kelp'))).to.deep.equal([])
  })

  it('forgets the words of many that are gone', async () => {
    const store = await fullText(memory(), { fields: ['text'] })
    for (let n = 0; n < 3000; n++) store.put({ id: n % 10, text: `kelp word${n}` })
    expect(store.count('match(kelp)')).to.equal(10)
    expect(store.count('match(word2999)|match(word2989)')).to.equal(1)
  })
})

describe('fullText, in a transaction', () => {
  it('sees its own writes, which others do not see before it has committed', async () => {
    const store = await open()
    const tx = await store.transaction()
    tx.put?.({ id: 8, text: 'kelp' })
    tx.put?.({ id: 1, text: 'sand' })
    tx.delete?.(3)
    expect(ids(tx.search('kelp') as Iterable<Note>)).to.deep.equal([2, 8])
    expect(ids(tx.query?.('match(kelp)&sort(-id)') as Iterable<Note>)).to.deep.equal([8, 2])
    expect(await tx.count?.('match(kelp)')).to.equal(2)
    expect(ids(store.search('kelp'))).to.deep.equal([1, 2, 3])
    await tx.commit()
    expect(ids(store.search('kelp'))).to.deep.equal([2, 8])
    expect(nameOfError(() => tx.search('nothing'))).to.equal('TransactionInactiveError')
  })

  it('500 aborted transactions leave nothing behind', async () => {
    const seed = newSeed()
    const chance = random(seed)
    const store = await open()
    for (let run = 0; run < 500; run++) {
      const tx = await store.transaction()
      for (let left = 1 + chance.below(3); left > 0; left--) {
        const id = 1 + chance.below(6)
        if (chance.chance(0.3)) tx.delete?.(id)
        else tx.put?.({ id, text: `aborted${run} kelp` })
      }
      expect(ids(store.search(`aborted${run}`)), `SEED=${seed}`).to.deep.equal([])
      await tx.abort()
      expect(ids(store.search(`aborted${run}`))).to.deep.equal([])
      expect(ids(store.search('kelp'))).to.deep.equal([1, 2, 3])
    }
  })

  it('a commit that fails is no commit, and one of which nobody knows is looked up', async () => {
    for (const done of [false, true]) {
      const inner = memory<Note, number>({ objects: notes })
      const failing = derive(inner as Store<Note, number>, {
        ...forwarded,
        transaction: async options => {
          const tx = await inner.transaction(options)
          return derive(tx, {
            ...forwardedInside,
            async commit() {
              if (done) await tx.commit()
              else await tx.abort()
              throw new StoreError('OutcomeUnknownError', 'who knows')
            },
          })
        },
      }) as typeof inner
      const store = await fullText(failing, { fields: paths })
      const tx = await store.transaction()
      await tx.put?.({ id: 1, text: 'sand' })
      await Promise.resolve(tx.commit()).catch(() => {})
      expect(ids(store.search('sand'))).to.deep.equal(done ? [1] : [])
      expect(ids(store.search('kelp'))).to.deep.equal(done ? [2, 3] : [1, 2, 3])
    }
  })

  it('commits together with another store', async () => {
    const [store, other] = [await open(), memory()]
    await transaction([store, other], async ([notes, others]) => {
      await notes.put({ id: 9, title: 'together' })
      await others.put({ id: 'x' })
    })
    expect(ids(store.search('together'))).to.deep.equal([9])
    const failed = transaction([store, other], async ([notes]) => {
      await notes.put({ id: 10, title: 'together' })
      throw new Error('no')
    })
    await failed.catch(() => {})
    expect(ids(store.search('together'))).to.deep.equal([9])
  })
})
