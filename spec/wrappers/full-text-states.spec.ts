import { expect } from 'chai'
import { derive, provide } from '../../lib/derive.js'
import type { Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { fullText } from '../../wrappers/full-text.js'
import { forwarded, mute } from '../forwarded.js'
import { newSeed, random } from '../oracle/random.js'
import { slow } from './full-text/slow-store.js'

type Note = { readonly id: string; readonly text: string }

/** The ids of what a query finds. */
async function ids(found: Iterable<object> | AsyncIterable<object>): Promise<unknown[]> {
  const list: unknown[] = []
  for await (const each of found) list.push((each as Note).id)
  return list
}

describe('fullText over a store that takes its time', () => {
  const seed = newSeed()

  it(`gives one state, whatever is written meanwhile, SEED=${seed}`, async () => {
    const runs = process.env.GATE ? 20_000 : 300
    for (let run = 0; run < runs; run++) await interleaved(seed + run)
  }).timeout(300_000)

  /** Two words change places in one transaction, again and again: at all times one of the objects has each. */
  async function interleaved(seed: number): Promise<void> {
    const chance = random(seed)
    const place = (kelpAt: string) => ['a', 'b'].map(id => ({ id, text: id === kelpAt ? 'kelp' : 'rock' }))
    const inner = memory<Note>({ objects: [...place('a'), { id: 'c', text: 'sand' }] })
    const { store, step, finish, release } = slow(
      chance.chance(0.5) ? mute(inner as Store) : (inner as Required<Store>),
      chance.below,
    )
    const opening = fullText(store, { fields: ['text'] })
    for (let turn = 0; turn < 3; turn++) await step()
    const notes = await opening
    const work = [
      async () => {
        for (const kelpAt of ['b', 'a', 'b']) {
          const tx = await notes.transaction()
          for (const note of place(kelpAt)) await tx.put?.(note)
          await (chance.chance(0.2) ? tx.abort() : tx.commit())
        }
      },
      async () => {
        for (const text of ['kelp', 'tide', 'sand']) await notes.put({ id: 'c', text })
      },
      async () => {
        for (let asked = 0; asked < 3; asked++) {
          const found = chance.chance(0.5) ? notes.query('match(kelp)|match(text,rock)') : notes.search('kelp')
          for await (const each of found as AsyncIterable<Note & { object?: Note }>) {
            expect((each.object ?? each).text).to.be.oneOf('score' in each ? ['kelp'] : ['kelp', 'rock'])
          }
          for (const query of ['match(rock)', 'not(match(kelp))&in(id,(a,b))']) {
            const rocks: unknown[] = []
            for await (const each of notes.query(query)) rocks.push((each as Note).text)
            expect(rocks, query).to.deep.equal(['rock'])
          }
          expect(await notes.count('match(kelp)|match(rock)')).to.be.oneOf([2, 3])
        }
      },
    ]
    await finish(Promise.all(work.map(each => each())))
    release()
    expect(await ids(notes.query('match(kelp)'))).to.deep.equal(await withText(inner, 'kelp'))
    expect(await ids(notes.query('match(sand)'))).to.deep.equal(['c'])
    await notes.close()
  }

  const withText = (store: Store, text: string) => ids(store.query?.(`text=${text}`) ?? [])

  it(`is found as soon as the write is acknowledged, also if some write the same object at once, SEED=${seed}`, async () => {
    for (let run = 0; run < 50; run++) {
      const { store, finish, release } = slow(mute(memory() as Store), random(seed + run).below)
      const notes = await finish(fullText(store, { fields: ['text'] }))
      await finish(Promise.all(['kelp', 'rock', 'tide'].map(text => notes.put({ id: 'a', text }))))
      release()
      const { text } = (await notes.get('a')) as Note
      expect(await ids(notes.search(text))).to.deep.equal(['a'])
      for (const other of ['kelp', 'rock', 'tide']) {
        if (other !== text) expect(await ids(notes.search(other))).to.deep.equal([])
      }
    }
  })
})

describe('fullText, changed behind its back', () => {
  it('follows', async () => {
    const inner = memory<Note>({ objects: [{ id: 'a', text: 'kelp' }] })
    const notes = await fullText(inner, { fields: ['text'] })
    inner.put({ id: 'b', text: 'kelp' })
    inner.put({ id: 'a', text: 'rock' })
    await new Promise(resolve => setImmediate(resolve))
    expect(await ids(notes.search('kelp'))).to.deep.equal(['b'])
    inner.delete('b')
    await new Promise(resolve => setImmediate(resolve))
    expect(await ids(notes.search('kelp'))).to.deep.equal([])
    inner.put({ id: '7', text: 'sand' })
    await new Promise(resolve => setImmediate(resolve))
    inner.put({ id: 7 as never, text: 'sand' })
    await new Promise(resolve => setImmediate(resolve))
    expect(await ids(notes.query('match(sand)'))).to.deep.equal([7])
  })

  it('is right even when it could not keep up', async () => {
    const inner = memory<Note>()
    const impatient = derive(mute(inner as Store), { ...forwarded, subscribe: provide(() => inner.subscribe()) })
    const notes = await fullText(impatient as typeof inner, { fields: ['text'] })
    const tx = (await inner.transaction()) as unknown as Required<Store>
    for (let n = 0; n < 10_001; n++) tx.put({ id: `${n}`, text: 'kelp' })
    await (tx as unknown as { commit(): void }).commit()
    // until it learns that it could not
    for (let turn = 0; turn < 10; turn++) await Promise.resolve()
    for (let wait = 0; wait < 3; wait++) {
      expect(notes.count('match(kelp)')).to.equal(10_001)
      await new Promise(resolve => setImmediate(resolve))
    }
    inner.put({ id: 'later', text: 'tide' })
    await new Promise(resolve => setImmediate(resolve))
    expect(await ids(notes.search('tide'))).to.deep.equal(['later'])
  })

  const ends: Record<string, () => AsyncIterable<never>> = {
    'has ended': async function* () {},
    // biome-ignore lint/correctness/useYield: it fails
    'has failed': async function* () {
      throw new Error('the line is dead')
    },
    'fails to begin again': () => {
      throw new Error('no more')
    },
  }

  for (const [how, subscribe] of Object.entries(ends)) {
    it(`asks the store for everything where its subscription ${how}`, async () => {
      const inner = memory<Note>({ objects: [{ id: 'a', text: 'kelp' }] })
      let first = true
      const deaf = derive(inner as Store, {
        ...forwarded,
        subscribe() {
          const changes = first ? ends['has failed']?.() : subscribe()
          first = false
          return changes as AsyncIterable<never>
        },
      })
      const notes = await fullText(deaf as typeof inner, { fields: ['text'] })
      for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve))
      inner.put({ id: 'b', text: 'kelp' })
      expect(await ids(notes.search('kelp'))).to.deep.equal(['a', 'b'])
      expect(await ids(notes.query('not(match(kelp))'))).to.deep.equal([])
    })
  }
})
