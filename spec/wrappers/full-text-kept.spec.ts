import { expect } from 'chai'
import { derive, hide } from '../../lib/derive.js'
import { expression } from '../../lib/query/expression.js'
import { print } from '../../lib/query/print.js'
import type { Id, Store } from '../../lib/store.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { fullText, type Tokenize } from '../../wrappers/full-text.js'
import { forwarded, mute } from '../forwarded.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { fields, type Note, randomNote, randomText, scoreOf } from './full-text/brute-force.js'

const ids = ['a', 'b', 'c', 1, 2, '2', 30]

/** Outlives the wrapper: closing does nothing. Nobody is told of changes, so none follows who was left behind by a crash. */
const lasting = (inner: Store) => derive(mute(inner), { ...forwarded, close() {} }) as Required<Store>

/** Splits at spaces, and counts how often it is called. */
function counting(): { calls: number; tokenize: Tokenize } {
  const counted = {
    calls: 0,
    tokenize(text: string) {
      counted.calls++
      return text.split(' ')
    },
  }
  return counted
}

describe('fullText, keeping its words in a store', () => {
  it('finds the words of an unchanged text there', async () => {
    const inner = lasting(memory({ objects: [{ id: 1, title: 'kelp forest' }, { id: 2 }] }))
    const store = lasting(memory())
    const first = counting()
    const opened = await fullText(inner, { fields: ['title'], store, version: 'a', tokenize: first.tokenize })
    await opened.put({ id: 3, title: 'kelp rock' })
    await opened.delete(2)
    await opened.close()
    expect(first.calls).to.equal(2)
    await inner.put({ id: 1, title: 'changed behind its back' })
    const second = counting()
    const again = await fullText(inner, { fields: ['title'], store, version: 'a', tokenize: second.tokenize })
    expect(second.calls).to.equal(1)
    expect(await again.count('match(kelp)')).to.equal(1)
    expect(await again.count('match(changed)')).to.equal(1)
    await again.close()
    expect(await store.count()).to.equal(2)
  })

  it('finds them anew by another tokenizer', async () => {
    const inner = lasting(memory({ objects: [{ id: 1, title: 'kelp forest' }] }))
    const store = lasting(memory())
    const plain = await fullText(inner, { fields: ['title'], store, version: 'a', tokenize: counting().tokenize })
    await plain.close()
    const tokenize = (text: string) => [...text]
    const letters = await fullText(inner, { fields: ['title'], store, version: 'b', tokenize })
    expect(await letters.count('match(k)')).to.equal(1)
    expect(await letters.count('match(z)')).to.equal(0)
  })

  it('does not keep the words of a text that is too long', async () => {
    const store = lasting(memory())
    const opened = await fullText(memory(), { fields: ['title'], store })
    opened.put({ id: 1, title: Array.from({ length: 200_000 }, (_, n) => `w${n}`).join(' ') })
    opened.put({ id: 2, title: 'kelp' })
    expect(opened.count('match(w199999)')).to.equal(1)
    await opened.close()
    expect(await store.count()).to.equal(1)
  })

  it('closes all, and says if they could not be kept', async () => {
    const inner = memory()
    const store = memory()
    const full = derive(store as Store, {
      ...forwarded,
      transaction: hide,
      put() {
        throw new Error('no room')
      },
    })
    const opened = await fullText(inner, { fields: ['title'], store: full })
    opened.put({ title: 'kelp' })
    expect(await Promise.resolve(opened.close()).catch((error: Error) => error.message)).to.equal('no room')
    expect(() => inner.get('x')).to.throw('closed')
    expect(() => store.get('x')).to.throw('closed')
  })
})

describe('fullText after a crash', () => {
  const seed = newSeed()
  const { path } = folder()

  it(`300 times finds what is stored, whatever became of the words that were kept, SEED=${seed}`, async () => {
    const chance = random(seed)
    const inner = lasting(memory())
    let words = lasting(memory())
    for (let crash = 0; crash < 300; crash++) {
      const older = memory({ objects: words.query() as Iterable<object> })
      const store = await fullText(inner, { fields, store: words })
      for (let left = chance.below(5); left > 0; left--) {
        if (chance.chance(0.3)) await store.delete(chance.pick(ids))
        else await store.put(randomNote(chance, chance.pick(ids)))
      }
      if (chance.chance(0.3)) await store.close()
      // what is kept is of now, of before, or partly gone
      if (chance.chance(0.3)) words = lasting(older)
      if (chance.chance(0.2)) await words.delete(chance.pick(ids))
      const again = await fullText(inner, { fields, store: words })
      const text = randomText(chance, 2)
      const expected: Id[] = []
      for (const note of inner.query() as Iterable<Note>) if (scoreOf(note, text) > 0) expected.push(note.id)
      const found: Id[] = []
      for await (const each of again.query(print(expression('match', text)))) found.push((each as Note).id)
      expect(found).to.deep.equal(expected)
    }
  })

  it('over files, with what was acknowledged', async () => {
    const open = async () =>
      fullText(await jsonFile({ path: path('notes.json') }), {
        fields: ['text'],
        store: await jsonFile({ path: path('words.json') }),
      })
    const store = await open()
    await Promise.all(['kelp', 'rock', 'kelp rock'].map((text, id) => store.put({ id, text })))
    const found = store.search('kelp')[Symbol.iterator]()
    expect(found.next().value?.id).to.equal(0)
    await store.close()
    const again = await open()
    expect(Array.from(again.search('rock'), ({ id }) => id)).to.deep.equal([1, 2])
    await again.close()
  })
})
