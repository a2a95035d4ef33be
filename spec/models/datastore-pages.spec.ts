import { expect } from 'chai'
import type { Datastore, PageOptions } from '../../models/datastore.js'
import { newSeed, random } from '../oracle/random.js'
import { type Documents, opening, refusal } from './datastore/open.js'

const seven = ['aa', 'ab', 'ac', 'ba', 'bb', 'bc', 'ca']

describe('datastore, pages', () => {
  const { open } = opening()
  const seed = newSeed()

  async function filled(keys: readonly string[]): Promise<Datastore<Documents>> {
    const datastore = await open()
    const chance = random(seed)
    const shuffled = keys.map(key => ({ key, at: chance.next() })).sort((a, b) => a.at - b.at)
    for (const { key } of shuffled) await datastore.setItem(key, { key })
    return datastore
  }

  const keysOf = (page: { items: { key: unknown }[] }) => page.items.map(({ key }) => key)

  it(`of 3 over 7 shuffled keys, both ways, SEED=${seed}`, async () => {
    const datastore = await filled(seven)
    for (const descending of [false, true]) {
      const expected = descending ? [...seven].reverse() : seven
      for (const [start, next] of [
        [0, 3],
        [3, 6],
        [6, null],
      ] as const) {
        const page = await datastore.queryKeys({ descending, inclusiveStartIndex: start, limit: 3 })
        expect(keysOf(page)).to.deep.equal(expected.slice(start, start + 3))
        expect(page.exclusiveEndIndex).to.equal(next)
      }
      const beyond = await datastore.queryKeys({ descending, inclusiveStartIndex: 7, limit: 3 })
      expect([beyond.items, beyond.exclusiveEndIndex, beyond.cursor]).to.deep.equal([[], null, null])
    }
  })

  it('the index is that in the range, and there is no page after its end', async () => {
    const datastore = await filled(seven)
    const range = { startKey: 'b', endKey: 'b\uffff' }
    const first = await datastore.queryKeys({ ...range, limit: 2 })
    expect([keysOf(first), first.exclusiveEndIndex]).to.deep.equal([['ba', 'bb'], 2])
    const second = await datastore.queryKeys({ ...range, limit: 2, inclusiveStartIndex: 2 })
    expect([keysOf(second), second.exclusiveEndIndex]).to.deep.equal([['bc'], null])
    expect((await datastore.queryKeys({ ...range, limit: 3 })).exclusiveEndIndex).to.equal(null)
  })

  it('null, as it stands at the end, begins at the beginning', async () => {
    const datastore = await filled(seven)
    const { exclusiveEndIndex, cursor } = await datastore.queryKeys()
    expect([exclusiveEndIndex, cursor]).to.deep.equal([null, null])
    for (const end of [{ inclusiveStartIndex: exclusiveEndIndex }, { cursor }]) {
      expect(keysOf(await datastore.queryKeys(end))).to.deep.equal(seven)
    }
  })

  it('the ends of a range are included, either way round and in both directions, and each may be left out', async () => {
    const datastore = await filled(seven)
    const cases: [PageOptions, string[]][] = [
      [{ startKey: 'ab', endKey: 'ba' }, ['ab', 'ac', 'ba']],
      [{ startKey: 'ba', endKey: 'ab' }, ['ab', 'ac', 'ba']],
      [{ startKey: 'bc' }, ['bc', 'ca']],
      [{ endKey: 'ab' }, ['aa', 'ab']],
      [{ key: 'bb' }, ['bb']],
      [{ key: 'b' }, []],
      [{ key: 'bb', startKey: 'ca' }, ['bb']],
      [{ startKey: 'd' }, []],
    ]
    for (const [options, expected] of cases) {
      expect(keysOf(await datastore.queryKeys(options)), JSON.stringify(options)).to.deep.equal(expected)
      const descending = await datastore.queryKeys({ ...options, descending: true })
      expect(keysOf(descending), JSON.stringify(options)).to.deep.equal([...expected].reverse())
    }
  })

  it('a prefix is caught exactly, in the order of code points', async () => {
    const users = ['user:', 'user:10', 'user:2', 'user:Z', 'user:a', 'user:\uffff', 'user:\u{1f33f} kelp']
    const datastore = await filled([...users, 'User:4', 'user', 'user;', 'users', 'user9'])
    const range = { startKey: 'user:', endKey: 'user:\uffff', limit: 20 }
    expect(keysOf(await datastore.queryKeys(range))).to.deep.equal(users)
    expect(keysOf(await datastore.queryKeys({ ...range, descending: true }))).to.deep.equal([...users].reverse())
  })

  it('10 by default, with the documents where that is asked for', async () => {
    const datastore = await filled(Array.from({ length: 12 }, (_, at) => `k${at}`))
    const page = await datastore.queryKeys()
    expect(page.items).to.have.length(10)
    expect(page.items[0]).to.deep.equal({ key: 'k0', documentKey: 'k0' })
    const { items } = await datastore.queryKeys({ key: 'k3', includeDocuments: true })
    expect(items).to.deep.equal([{ key: 'k3', documentKey: 'k3', document: { _rev: 0, key: 'k3' } }])
    if (items[0]) items[0].document.key = 'mine'
    expect(await datastore.getItem('k3')).to.deep.equal({ _rev: 0, key: 'k3' })
  })

  it('a cursor goes on where it was, whatever is written meanwhile', async () => {
    const datastore = await filled(seven)
    for (const descending of [false, true]) {
      const expected = descending ? [...seven].reverse() : seven
      const first = await datastore.queryKeys({ limit: 3, descending })
      const before = descending ? 'cz' : 'a0'
      await datastore.setItem(before, {})
      const gone = expected[2] as string
      await datastore.deleteItem(gone)
      const second = await datastore.queryKeys({ limit: 3, descending, cursor: first.cursor })
      expect(keysOf(second)).to.deep.equal(expected.slice(3, 6))
      expect(second.exclusiveEndIndex).to.equal(6)
      const third = await datastore.queryKeys({ limit: 3, descending, cursor: second.cursor })
      expect([keysOf(third), third.exclusiveEndIndex, third.cursor]).to.deep.equal([expected.slice(6), null, null])
      await datastore.deleteItem(before)
      await datastore.setItem(gone, {})
    }
    const { cursor } = await datastore.queryKeys({ limit: 3 })
    expect((await refusal(datastore.queryKeys({ cursor, descending: true }))).code).to.equal('ASSERTION')
    expect((await refusal(datastore.queryKeys({ cursor, inclusiveStartIndex: 3 }))).code).to.equal('ASSERTION')
  })
})
