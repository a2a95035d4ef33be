import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { jsonFile, type Recovered, recover } from '../../stores/json-file.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from './json-file/folder.js'

describe('recover', () => {
  const { path, names } = folder()

  /** Recovers, and gives the report and the ids that the new file holds. The old files must be as they were. */
  async function recovered(file?: string | Buffer, journal?: string | Buffer): Promise<Recovered & { ids: unknown[] }> {
    if (file !== undefined) writeFileSync(path(), file)
    if (journal !== undefined) writeFileSync(path('data.json.journal'), journal)
    const before = names().map(name => readFileSync(path(name)))
    const report = await recover({ path: path(), to: path('new.json') })
    expect(
      names()
        .filter(name => name !== 'new.json')
        .map(name => readFileSync(path(name))),
    ).to.deep.equal(before)
    const store = await jsonFile({ path: path('new.json') })
    const ids = [...store.query()].map(({ id }) => id)
    await store.close()
    expect(report.kept).to.equal(ids.length)
    return { ...report, ids }
  }

  /** A journal of three puts over an empty store: 1, 2 and, at once, 3 and 4. */
  async function madeJournal(): Promise<string> {
    const store = await jsonFile({ path: path('made.json') })
    await store.put({ id: 1, n: 1 })
    await store.put({ id: 2, n: 1 })
    await Promise.all([store.put({ id: 3, n: 1 }), store.put({ id: 4, n: 1 })])
    const journal = readFileSync(path('made.json.journal'), 'utf8')
    await store.close()
    return journal
  }

  it('takes a good file as it is', async () => {
    expect(await recovered('[{"id":1},\n{"id":2}]')).to.deep.equal({ kept: 2, dropped: [], ids: [1, 2] })
  })

  it('leaves out what cannot be read, and says where it was', async () => {
    const { ids, dropped } = await recovered(
      '[\n{"id":1},\n{"id":2,"a":tru},\n{"id":3},\n{"n":4},\n5,\n{"id":"1"},\n{"id":6',
    )
    expect(ids).to.deep.equal([1, 3])
    expect(dropped.map(({ line, text }) => [line, text])).to.deep.equal([
      [3, '{"id":2,"a":tru},'],
      [5, '{"n":4}'],
      [6, '5,'],
      [7, '{"id":"1"}'],
      [8, '{"id":6'],
    ])
    expect(dropped.map(({ reason }) => reason)).to.deep.equal([
      'it cannot be read',
      'the object has no id',
      'it cannot be read',
      'the id is that of an object before it',
      'it cannot be read',
    ])
    expect(new Set(dropped.map(each => each.path))).to.deep.equal(new Set([path()]))
  })

  it('reads what people wrote: in one line, printed wide, with values of every kind', async () => {
    expect((await recovered('[{"id":1},{"id":2},{"id":')).ids).to.deep.equal([1, 2])
    const wide = JSON.stringify(
      [{ id: 1, list: [{ id: 'inner' }] }, { id: 2, list: [{ id: 'inner' }] }, { id: 3 }],
      null,
      2,
    )
    writeFileSync(path('wide.json'), wide.replace('"id": 2', '"id" 2'))
    const report = await recover({ path: path('wide.json'), to: path('wide-new.json') })
    expect(report.dropped.map(({ line }) => line)).to.deep.equal([10])
    expect(JSON.parse(readFileSync(path('wide-new.json'), 'utf8'))).to.deep.equal([
      { id: 1, list: [{ id: 'inner' }] },
      { id: 3 },
    ])
  })

  it('does not guess at bytes that are not UTF-8', async () => {
    const file = Buffer.from('[\n{"id":1},\n{"id":2,"a":"å"},\n{"id":3}\n]\n', 'latin1')
    const { ids, dropped } = await recovered(file)
    expect(ids).to.deep.equal([1, 3])
    expect(dropped.map(({ line }) => line)).to.deep.equal([3])
  })

  it('replays the good lines of a journal, and reports the others', async () => {
    const journal = await madeJournal()
    const { ids, dropped } = await recovered(undefined, journal.replace('"id":2,"n":1', '"id":2,"n":2'))
    expect(ids).to.deep.equal([1, 3, 4])
    expect(dropped.map(({ path: file, line, reason }) => [file, line, reason])).to.deep.equal([
      [path('data.json.journal'), 3, 'the checksum does not fit'],
    ])
  })

  it('joins an edited file with its journal; the journal wins, and says over what', async () => {
    const journal = await madeJournal()
    const edited = '[\n{"id":1,"n":"edited"},\n{"id":2,"n":1},\n{"id":9,"n":"new"}\n]\n'
    const { ids, dropped } = await recovered(edited, journal)
    expect(ids).to.deep.equal([1, 2, 3, 4, 9])
    expect(dropped).to.deep.equal([
      { path: path(), line: 2, reason: 'the journal has another version', text: '{"id":1,"n":"edited"}' },
    ])
    expect(JSON.parse(readFileSync(path('new.json'), 'utf8'))[0]).to.deep.equal({ id: 1, n: 1 })
  })

  it('writes a new file only, of a store that is not open', async () => {
    const refusal = () =>
      recover({ path: path(), to: path('new.json') }).then(
        () => 'recovered',
        (error: Error) => error.name,
      )
    expect(await refusal()).to.equal('NotFoundError')
    writeFileSync(path(), '[]')
    const store = await jsonFile({ path: path() })
    expect(await refusal()).to.equal('InvalidStateError')
    await store.close()
    writeFileSync(path('new.json'), 'mine')
    expect(await refusal()).to.equal('ConstraintError')
    expect(readFileSync(path('new.json'), 'utf8')).to.equal('mine')
  })

  it('makes of a file with any damage one that opens, and says so where objects are missing', async () => {
    const seed = newSeed()
    const chance = random(seed)
    const objects = Array.from({ length: 20 }, (_, id) => ({ id, text: 'å'.repeat(id), list: [{ id }] }))
    for (let turn = 0; turn < 200; turn++) {
      const good = Buffer.from(JSON.stringify(objects, null, chance.pick([0, 1, 2])))
      const at = chance.below(good.length)
      const damaged = chance.chance(0.5) ? good.subarray(0, at) : Buffer.from(good)
      if (damaged.length === good.length) damaged[at] = chance.below(256)
      writeFileSync(path(`${turn}.json`), damaged)
      const to = path(`${turn}-new.json`)
      const report = await recover({ path: path(`${turn}.json`), to })
      const store = await jsonFile({ path: to })
      expect(store.count(), `SEED=${seed} turn ${turn}`).to.equal(report.kept)
      if (report.kept < objects.length && damaged.length === good.length) {
        expect(report.dropped.length, `SEED=${seed} turn ${turn}`).to.be.greaterThan(0)
      }
      await store.close()
    }
  })

  it('reports errors of the disk as such', async () => {
    const error = await recover({ path: path(), to: path('missing/new.json') }).catch(reason => reason)
    expect(isStoreError(error, 'NotFoundError')).to.equal(true)
  })
})
