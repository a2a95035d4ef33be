import { expect } from 'chai'
import { explain } from '../../lib/explain.js'
import type { Store } from '../../lib/store.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { fullText } from '../../wrappers/full-text.js'
import { conforms, everything } from '../conformance/index.js'
import { oracle } from '../oracle/index.js'
import { folder } from '../stores/json-file/folder.js'
import { open } from './full-text/notes.js'

const fields = ['name', 'text', 'p']

conforms('fullText over memory', { open: () => fullText(memory(), { fields }), offers: everything })

describe('fullText over sqlite', () => {
  conforms('a database in memory', {
    open: () => fullText(sqlite({ path: ':memory:', table: 'things' }), { fields, store: memory() }),
    offers: everything,
  })
})

oracle('fullText over memory', () => fullText(memory(), { fields }), { runs: 4 })

describe('fullText over a JSON file', () => {
  const { path, clear } = folder()
  const open = async () => fullText(await jsonFile({ path: path() }), { fields, store: memory() })
  oracle('a JSON file', open, {
    runs: 2,
    reopen: async store => {
      await store.close?.()
      const again = await open()
      again.setSchema({ properties: { p: { index: true }, u: { unique: true } } })
      return again
    },
    clean: clear,
  })
})

describe('fullText, opening', () => {
  const refusal = async (inner: Store, options: object): Promise<string> =>
    fullText(inner, { fields: ['text'], ...options }).then(
      () => 'none',
      error => error.name,
    )

  it('refuses what it cannot do', async () => {
    expect(await refusal({ get: () => undefined }, {})).to.equal('NotSupportedError')
    expect(await refusal(memory(), { store: memory({ readonly: true }) })).to.equal('NotSupportedError')
    expect(await refusal(memory(), { store: memory(), tokenize: () => [] })).to.equal('TypeError')
    expect(await refusal(memory(), { tokenize: () => [], language: 'en' })).to.equal('TypeError')
    expect(await refusal(memory(), { language: 'xx' })).to.equal('TypeError')
    for (const fields of [[], 'text', ['a', 'a'], ['a', ['a']]]) {
      expect(await refusal(memory(), { fields })).to.equal('TypeError')
    }
    expect(await refusal(memory(), { fields: [7] })).to.equal('TypeError')
  })

  it('tells how far it is, and stops when asked', async () => {
    const takingTime = (text: string) => {
      for (const end = performance.now() + 0.1; performance.now() < end; );
      return text.split(' ')
    }
    const objects = Array.from({ length: 3000 }, (_, id) => ({ id, text: `kelp ${id} `.repeat(20) }))
    const told: (readonly [number, number | undefined])[] = []
    const onProgress = (...progress: readonly [number, number | undefined]) => void told.push(progress)
    await fullText(memory({ objects }), { fields: ['text'], tokenize: takingTime, onProgress })
    expect(told.at(-1)).to.deep.equal([3000, 3000])
    expect(told.length).to.be.greaterThan(1)
    const controller = new AbortController()
    const { signal } = controller
    const stop = () => controller.abort(new Error('stopped'))
    const stopped = fullText(memory({ objects }), { fields: ['text'], signal, onProgress: stop })
    expect(await stopped.catch(error => error.message)).to.equal('stopped')
  })

  it('leaves out the frequent words of a language, and endings', async () => {
    const store = await fullText(memory({ objects: [{ id: 1, text: 'The forests are growing' }] }), {
      fields: ['text'],
      language: 'en',
    })
    expect([...store.search('grow forest')]).to.have.length(1)
    expect([...store.search('the')]).to.have.length(0)
    expect([...store.search('the forest')]).to.have.length(1)
  })

  it('reads only the fields that it is given', async () => {
    const secret = { id: 1, title: 'kelp', secret: 'hidden' }
    const store = await fullText(memory({ objects: [secret] }), { fields: ['title'] })
    expect([...store.search('hidden')]).to.deep.equal([])
    expect([...store.search('kelp')][0]?.snippet).to.equal('kelp')
  })

  it('can be explained', async () => {
    expect(`${explain(await open())}`).to.match(/^fullText fields=title,text,\["by","name"\] objects=4\n {2}/)
  })
})
