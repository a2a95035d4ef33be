import { expect } from 'chai'
import type { Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { fullText } from '../../wrappers/full-text.js'
import { replicated } from '../../wrappers/replicated.js'
import { turn } from './replicated/fallible.js'

interface Note {
  readonly id: string
  readonly text: string
}

const primaries: Record<string, () => Required<Store<Note, string>>> = {
  memory: () => memory<Note, string>() as Required<Store<Note, string>>,
  sqlite: () => sqlite({ path: ':memory:', table: 'notes' }) as Required<Store<Note, string>>,
}

for (const [name, primary] of Object.entries(primaries)) {
  describe(`fullText over a node whose peers write, on ${name}`, () => {
    /** Two nodes; what one knows goes to the other when it is told. */
    async function pair() {
      const [logA, logB] = [memory(), memory()]
      const a = replicated(primary(), {}, { log: logA, node: 'a' })
      const b = replicated(memory<Note, string>(), {}, { log: logB, node: 'b' })
      const notes = await fullText(a, { fields: ['text'] })
      async function exchange(): Promise<void> {
        for (const known of [...logB.query('at>0')]) await a.changes.put(known)
        for (const known of [...logA.query('at>0')]) await b.changes.put(known)
        await turn()
      }
      const found = async (text: string) => {
        const ids: string[] = []
        for await (const { id } of notes.search(text)) ids.push(id)
        return ids
      }
      return { a, b, notes, exchange, found, logB }
    }

    it('finds what a peer has put, and no longer what it has changed or deleted', async () => {
      const { b, exchange, found } = await pair()
      await b.put({ id: '1', text: 'kelp' })
      await b.put({ id: '2', text: 'kelp' })
      await exchange()
      expect(await found('kelp')).to.deep.equal(['1', '2'])
      await b.put({ id: '1', text: 'rock' })
      await b.delete('2')
      await exchange()
      expect([await found('kelp'), await found('rock')]).to.deep.equal([[], ['1']])
    })

    it('finds the winner of a conflict, and not what lost', async () => {
      const { b, notes, exchange, found } = await pair()
      await notes.put({ id: '1', text: 'tide' })
      await b.put({ id: '1', text: 'sand' })
      await b.put({ id: '1', text: 'rock' })
      await exchange()
      const { text } = (await notes.get('1')) as Note
      expect(await found(text)).to.deep.equal(['1'])
      for (const other of ['tide', 'sand', 'rock']) {
        if (other !== text) expect(await found(other), other).to.deep.equal([])
      }
    })

    it('is right inside a transaction, and after it, when a peer writes the same object', async () => {
      const { a, b, notes, found, logB } = await pair()
      await b.put({ id: '1', text: 'rock' })
      const tx = await notes.transaction()
      await tx.put?.({ id: '1', text: 'kelp' })
      const told = Promise.all([...logB.query('at>0')].map(known => a.changes.put(known)))
      await tx.commit()
      await told
      await turn()
      const { text } = (await notes.get('1')) as Note
      expect(await found(text)).to.deep.equal(['1'])
      expect(await found(text === 'kelp' ? 'rock' : 'kelp')).to.deep.equal([])
    })
  })
}
