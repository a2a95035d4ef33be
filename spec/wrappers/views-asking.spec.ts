import { expect } from 'chai'
import { memory } from '../../stores/memory.js'
import { type Emit, views } from '../../wrappers/views.js'

interface Note {
  readonly id: number
  readonly key?: unknown
  readonly keys?: readonly unknown[]
  readonly n?: number
}

const open = (objects: readonly Note[]) =>
  views(memory<Note, number>({ objects }), {
    byKey: {
      map({ key, keys = [key], n }, emit: Emit<unknown, number | undefined>) {
        for (const each of keys) emit(each, n)
      },
      reduce: 'count',
    },
    numbers: { map: ({ n }, emit: Emit<null, number | undefined>) => emit(null, n), reduce: 'stats' },
    own: { map: ({ n }, emit) => emit(n), reduce: keys => keys.length },
    failing: {
      map: ({ n }, emit) => emit(n),
      reduce() {
        throw new Error('too much')
      },
    },
    later: { map: ({ n }, emit) => emit(n), reduce: async () => Promise.reject(new Error('never')) },
    unreduced: { map: ({ n }, emit) => emit(n) },
  })

type Notes = Awaited<ReturnType<typeof open>>
const ids = ({ rows }: { readonly rows: readonly { readonly id: number }[] }) => rows.map(({ id }) => id)

function nameOfError(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return (error as Error).name
  }
  return 'none'
}

describe('views, asked', () => {
  const everyType = [
    null,
    false,
    0,
    3n,
    3.5,
    new Date(0),
    '',
    'a',
    '\uffff',
    '\u{1f600}',
    Uint8Array.of(1),
    [],
    [0],
    {},
  ]

  it('order keys by the one order of values, and find each of them: 0, empty text, false and null too', async () => {
    const notes = await open(everyType.map((key, id) => ({ id, key })).toReversed())
    expect(ids(notes.view('byKey'))).to.deep.equal(everyType.map((_, id) => id))
    for (const [id, key] of everyType.entries()) {
      expect(ids(notes.view('byKey', { key })), String(id)).to.deep.equal([id])
      expect(ids(notes.view('byKey', { startKey: key }))[0]).to.equal(id)
      expect(ids(notes.view('byKey', { endKey: key })).at(-1)).to.equal(id)
    }
    expect(ids(notes.view('byKey', { key: 7 }))).to.deep.equal([])
    expect(ids(notes.view('byKey', { startKey: [], endKey: [{}] }))).to.deep.equal([11, 12])
  })

  it('have ties in the order of the ids, then as they were emitted', async () => {
    const notes = await open([
      { id: 10, keys: ['x', 'y', 'x'], n: 1 },
      { id: 9, key: 'x', n: 2 },
    ])
    const rows = notes.view('byKey').rows.map(({ key, id }) => `${key}${id}`)
    expect(rows).to.deep.equal(['x9', 'x10', 'x10', 'y10'])
    expect(notes.view('byKey', { descending: true }).rows.map(({ key, id }) => `${key}${id}`)).to.deep.equal(
      rows.toReversed(),
    )
  })

  it('include their ends, whose order is that of the reading', async () => {
    const notes = await open([1, 2, 3, 4, 5].map(key => ({ id: key, key })))
    expect(ids(notes.view('byKey', { startKey: 2, endKey: 4 }))).to.deep.equal([2, 3, 4])
    expect(ids(notes.view('byKey', { startKey: 4, endKey: 2, descending: true }))).to.deep.equal([4, 3, 2])
    expect(() => notes.view('byKey', { startKey: 4, endKey: 2 })).to.throw('descending?')
    expect(() => notes.view('byKey', { startKey: 2, endKey: 4, descending: true })).to.throw('the high end')
  })

  it('count the start from the beginning of the range', async () => {
    const notes = await open([1, 2, 3, 4, 5].map(key => ({ id: key, key })))
    expect(ids(notes.view('byKey', { startKey: 3, start: 1, limit: 1 }))).to.deep.equal([4])
    expect(ids(notes.view('byKey', { startKey: 3, start: 3 }))).to.deep.equal([])
  })

  it('give a cursor exactly if there is more in the range', async () => {
    const notes = await open([1, 2, 3, 4].map(key => ({ id: key, key })))
    const first = notes.view('byKey', { endKey: 3, limit: 2 })
    expect(first.cursor).to.be.a('string')
    expect(notes.view('byKey', { endKey: 3, limit: 2, cursor: first.cursor })).to.deep.equal({
      rows: [{ key: 3, value: null, id: 3 }],
      cursor: null,
    })
    expect(notes.view('byKey', { endKey: 2, limit: 2 }).cursor).to.equal(null)
    expect(notes.view('byKey', { startKey: 9, limit: 2 })).to.deep.equal({ rows: [], cursor: null })
  })

  it('go on from a cursor whatever has been written meanwhile', async () => {
    for (const descending of [false, true]) {
      const notes = await open([10, 20, 30, 40, 50].map(key => ({ id: key, key })))
      const asked = { descending, limit: 2 } as const
      const { rows, cursor } = notes.view('byKey', asked)
      for (const { id } of rows) notes.delete(id)
      notes.put({ id: 5, key: 5 })
      notes.put({ id: 55, key: 55 })
      notes.put({ id: 31, key: 31 })
      const expected = descending ? [31, 30, 20, 10, 5] : [30, 31, 40, 50, 55]
      expect(ids(notes.view('byKey', { ...asked, limit: 9, cursor }))).to.deep.equal(expected)
    }
  })

  it('give copies, of the rows and of their objects', async () => {
    const notes = await open([{ id: 1, keys: [['a'], ['b']] }])
    const page = () => notes.view('byKey', { includeObjects: true }).rows
    const [first, second] = page() as { key: unknown[]; object: { n?: number } }[]
    first?.key.push('changed')
    if (first) first.object.n = 5
    expect(second?.object).to.deep.equal({ id: 1, keys: [['a'], ['b']] })
    expect(page()[0]).to.deep.equal({ key: ['a'], value: null, id: 1, object: { id: 1, keys: [['a'], ['b']] } })
  })

  it('reduce all, or what has the same key, or keys that begin alike', async () => {
    const notes = await open([
      { id: 1, key: ['a', 1], n: 2 },
      { id: 2, key: ['a', 2], n: 4 },
      { id: 3, key: 'b' },
      { id: 4, key: ['a', 1], n: 9 },
    ])
    expect(notes.view('byKey', { reduce: true }).rows).to.deep.equal([{ key: null, value: 4 }])
    expect(notes.view('own', { reduce: true, startKey: 4 }).rows).to.deep.equal([{ key: null, value: 2 }])
    const groups = (options: object) =>
      notes.view('byKey', { group: true, ...options }).rows.map(({ key, value }) => [key, value])
    expect(groups({})).to.deep.equal([
      ['b', 1],
      [['a', 1], 2],
      [['a', 2], 1],
    ])
    expect(groups({ group: 1, descending: true })).to.deep.equal([
      [['a'], 3],
      ['b', 1],
    ])
    expect(notes.view('numbers', { reduce: true }).rows).to.deep.equal([
      { key: null, value: { count: 4, sum: 15, mean: 5, min: 2, max: 9 } },
    ])
    expect(notes.view('numbers', { reduce: true, key: null }).rows).to.have.length(1)
    expect(notes.view('byKey', { reduce: true, key: 'none' }).rows).to.deep.equal([])
    const first = notes.view('byKey', { group: true, limit: 2 })
    expect(first.cursor).to.be.a('string')
    const next = notes.view('byKey', { group: true, limit: 2, cursor: first.cursor })
    expect(next).to.deep.equal({ rows: [{ key: ['a', 2], value: 1 }], cursor: null })
  })

  it('say what their reduce did wrong', async () => {
    const notes = await open([{ id: 1, n: 1 }])
    expect(() => notes.view('failing', { reduce: true })).to.throw('the reduce of the view failing failed: too much')
    expect(nameOfError(() => notes.view('later', { reduce: true }))).to.equal('InvalidStateError')
    expect(ids(notes.view('failing'))).to.deep.equal([1])
  })

  it('refuse what cannot be', async () => {
    const notes = await open([1, 2, 3].map(key => ({ id: key, key })))
    const wrong: readonly (readonly [options: object, name: string])[] = [
      [{ limit: 0 }, 'DataError'],
      [{ limit: 1.5 }, 'DataError'],
      [{ limit: '3' }, 'DataError'],
      [{ start: -1 }, 'DataError'],
      [{ group: 0 }, 'DataError'],
      [{ descending: 1 }, 'TypeError'],
      [{ key: 1, startKey: 1 }, 'DataError'],
      [{ key: Number.NaN }, 'DataCloneError'],
      [{ startKey: () => 1 }, 'DataCloneError'],
      [{ reduce: true, limit: 1 }, 'DataError'],
      [{ reduce: true, includeObjects: true }, 'DataError'],
      [{ reduce: false, group: true }, 'DataError'],
      [{ cursor: 'x' }, 'DataError'],
      [{ cursor: '!' }, 'DataError'],
      [{ cursor: btoa('["byKey",false,null]') }, 'DataError'],
      [{ cursor: btoa('["byKey",false,null,1,{},0]') }, 'DataError'],
      [{ cursor: 7 }, 'TypeError'],
      [{ cursor: notes.view('byKey', { limit: 1 }).cursor, start: 1 }, 'DataError'],
      [{ cursor: notes.view('byKey', { limit: 1 }).cursor, descending: true }, 'DataError'],
      [{ cursor: notes.view('byKey', { limit: 1 }).cursor, group: true }, 'DataError'],
      [{ cursor: notes.view('own', { limit: 1, start: 0 }).cursor }, 'DataError'],
    ]
    for (const [options, name] of wrong) {
      expect(
        nameOfError(() => notes.view('byKey', options)),
        JSON.stringify(options),
      ).to.equal(name)
    }
    expect(nameOfError(() => notes.view('unreduced', { reduce: true }))).to.equal('NotSupportedError')
    expect(nameOfError(() => (notes as Notes & { view(name: string): void }).view('none'))).to.equal('NotFoundError')
  })
})
