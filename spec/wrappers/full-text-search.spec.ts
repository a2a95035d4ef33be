import { expect } from 'chai'
import { parse } from '../../lib/query/parse.js'
import { print } from '../../lib/query/print.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { fullText } from '../../wrappers/full-text.js'
import { ids, type Note, nameOfError, notes, open } from './full-text/notes.js'

describe('fullText, searching', () => {
  it('finds the objects that have all the words, the highest score first, then in the order of the ids', async () => {
    const store = await open()
    expect([...store.search('kelp')]).to.deep.equal([
      { id: 1, score: 2, object: notes[0], snippet: 'Kelp' },
      { id: 2, score: 1, object: notes[1], snippet: 'kelp on a rock' },
      { id: 3, score: 1, object: notes[2], snippet: 'Zoë Kelp' },
    ])
    expect(ids(store.search('rock kelp'))).to.deep.equal([2])
    expect(ids(store.search('zoe TIDE'))).to.deep.equal([3])
    expect(ids(store.search('STRASSE'))).to.deep.equal([2])
    expect(ids(store.search('kel'))).to.deep.equal([])
    expect(ids(store.search(' … '))).to.deep.equal([])
  })

  it('takes a limit, fields and a filter', async () => {
    const store = await open()
    expect(ids(store.search('kelp', { limit: 2 }))).to.deep.equal([1, 2])
    expect(ids(store.search('kelp', { fields: ['title'] }))).to.deep.equal([1])
    expect(ids(store.search('kelp', { fields: [['by', 'name'], 'text'] }))).to.deep.equal([1, 2, 3])
    expect(ids(store.search('kelp', { filter: 'age>3' }))).to.deep.equal([1, 3])
    expect(ids(store.search('kelp', { filter: 'not(match(rock))', limit: 1 }))).to.deep.equal([1])
    for (const options of [{ limit: -1 }, { limit: 1.5 }, { filter: 'age>(' }]) {
      expect(nameOfError(() => store.search('kelp', options))).to.equal('DataError')
    }
    expect(nameOfError(() => store.search('kelp', { fields: ['age'] }))).to.equal('NotSupportedError')
    expect(nameOfError(() => store.search('kelp', { filter: 'sort(age)' }))).to.equal('NotSupportedError')
    expect(nameOfError(() => store.search(1 as never))).to.equal('TypeError')
    const words = Array.from({ length: 1001 }, (_, n) => `w${n}`).join(' ')
    expect(nameOfError(() => store.search(words))).to.equal('DataError')
  })

  it('is over when the store is closed', async () => {
    const file = await fullText(sqlite({ path: ':memory:', table: 'notes' }), { fields: ['text'] })
    const closed = await open()
    await Promise.all([file.close(), closed.close()])
    for (const store of [file, closed]) {
      for (const ask of [() => store.search('kelp'), () => store.query('match(kelp)')]) {
        const asked = (async () => {
          for await (const each of ask()) expect(each).to.equal(undefined)
        })()
        expect(await asked.catch(error => error.name)).to.equal('InvalidStateError')
      }
    }
  })

  it('ends when the signal says so', async () => {
    const store = await open()
    const controller = new AbortController()
    const found = store.search('kelp', { signal: controller.signal })[Symbol.iterator]()
    found.next()
    controller.abort(new Error('enough'))
    expect(() => found.next()).to.throw('enough')
    expect(() => store.search('kelp', { signal: controller.signal })).to.throw('enough')
  })

  it('shows plain text around the first of the words', async () => {
    const store = await open()
    const long = `${'before '.repeat(100)}\n the <b>kelp</b>\tforest ${'after '.repeat(100)}`
    store.put({ id: 5, text: long })
    const [hit] = store.search('forest kelp', { filter: 'id=5' })
    expect(hit?.snippet).to.match(/^…before .* the <b>kelp<\/b> forest after .*after…$/)
    expect(hit?.snippet.length).to.be.within(120, 165)
    store.put({ id: 5, text: `${'😀'.repeat(300)}kelp${'😀'.repeat(300)}` })
    const [whole] = store.search('kelp', { filter: 'id=5' })
    expect(whole?.snippet.isWellFormed()).to.equal(true)
  })
})

describe('fullText, in queries', () => {
  const found = (store: Pick<Awaited<ReturnType<typeof open>>, 'query'>, query: string, options = {}) =>
    ids(store.query(query, options))

  it('is a condition like any other', async () => {
    const store = await open()
    expect(found(store, 'match(kelp)')).to.deep.equal([1, 2, 3])
    expect(found(store, 'match(text,kelp%20forest)')).to.deep.equal([1])
    expect(found(store, 'match(by/name,kelp)')).to.deep.equal([3])
    expect(found(store, 'match(kelp)&age>3&sort(-age)&limit(1)')).to.deep.equal([3])
    expect(found(store, 'not(match(kelp))|age=3')).to.deep.equal([2, 4])
    expect(found(store, 'text=match=rock')).to.deep.equal([2])
    expect(found(store, 'match($1)', { parameters: ['Kelp & forest'] })).to.deep.equal([1])
    expect(found(store, 'match(kelp)', { start: 1, end: 2 })).to.deep.equal([2])
    expect(found(store, 'match(title,glob:K*)')).to.deep.equal([1])
    expect(store.count('match(kelp)&age>3')).to.equal(2)
    expect([...store.query('match(kelp)&sum(age)')]).to.deep.equal([17])
    expect(found(store, print(parse('match(string:)|match(kelp)')))).to.deep.equal([1, 2, 3])
  })

  it('takes what looks like a number, or like nothing, for the text that it is', async () => {
    const books = memory<Note, number>({
      objects: [
        { id: 1, title: '1984' },
        { id: 2, title: 'null, 12.5' },
      ],
    })
    const store = await fullText(books, { fields: ['title'] })
    expect(found(store, 'match(1984)')).to.deep.equal([1])
    expect(found(store, 'match(title,1984)')).to.deep.equal([1])
    expect(found(store, 'title=match=12.5')).to.deep.equal([2])
    expect(found(store, 'match(null)')).to.deep.equal([2])
    const Book = Model(store, { properties: { id: Number, title: String } })
    expect(await Book.query().match('title', '1984').count()).to.equal(1)
  })

  it('is refused where there is no index', async () => {
    const store = await open()
    expect(nameOfError(() => [...store.query('match(age,kelp)')])).to.equal('NotSupportedError')
    expect(nameOfError(() => [...store.query('contains(text,match(kelp))')])).to.equal('NotSupportedError')
    expect(nameOfError(() => store.subscribe('match(kelp)'))).to.equal('NotSupportedError')
    const file = sqlite({ path: ':memory:', table: 'notes' })
    await file.put({ id: 1, text: 'kelp' })
    for (const plain of [memory({ objects: [{ id: 1 }] }), file]) {
      for (const query of ['match(kelp)', 'match(text,kelp)', 'age>3|not(match(kelp))']) {
        const asked = (async () => {
          for await (const each of plain.query(query)) expect(each).to.equal(undefined)
        })()
        expect(await asked.catch(error => error.name)).to.equal('NotSupportedError')
      }
    }
    file.close()
  })

  it('serves a model', async () => {
    const Note = Model(await open(), { properties: { title: String, age: { type: 'integer' } } })
    const found = await Note.query('match(kelp)').gt('age', 3).sort('-age').toArray()
    expect(found.map(({ title }) => title)).to.deep.equal(['Tide', 'Kelp'])
  })

  it('stays synchronous over a synchronous store', async () => {
    const store = await open()
    expect(store.put({ id: 5, text: 'kelp' })).to.equal(5)
    expect(store.get(5)).to.deep.equal({ id: 5, text: 'kelp' })
    expect(store.count('match(kelp)')).to.equal(4)
  })
})
