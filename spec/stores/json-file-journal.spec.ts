import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import type { Data } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { printLine } from '../../stores/files/log-line.js'
import { readJournal } from '../../stores/json-file/read-journal.js'
import { jsonFile } from '../../stores/json-file.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from './json-file/folder.js'

type Outcome = readonly Data[] | 'CorruptError'

describe('jsonFile, the journal', () => {
  const { path, names } = folder()
  let steps: string[] = []

  /** Writes one by one, then three at once, then a transaction; keeps the journal as it is after each. */
  beforeEach(async () => {
    const store = await jsonFile({ path: path('made.json') })
    steps = ['']
    const grown = async (work: () => unknown) => {
      await work()
      steps.push(readFileSync(path('made.json.journal'), 'utf8'))
    }
    await grown(() => store.put({ id: 1, text: 'one å' }))
    await grown(() => store.put({ id: 2, when: new Date(0) }))
    await grown(() => Promise.all([3, 4, 5].map(id => store.put({ id, text: 'a a' }))))
    await grown(() =>
      transaction(store, async tx => {
        await tx.delete(1)
        await tx.put({ id: 6 })
      }),
    )
    await store.close()
  })

  const states: readonly Outcome[] = [
    [],
    [{ id: 1, text: 'one å' }],
    [
      { id: 1, text: 'one å' },
      { id: 2, when: new Date(0) },
    ],
    [{ id: 1, text: 'one å' }, { id: 2, when: new Date(0) }, ...[3, 4, 5].map(id => ({ id, text: 'a a' }))],
    [{ id: 2, when: new Date(0) }, ...[3, 4, 5].map(id => ({ id, text: 'a a' })), { id: 6 }],
  ]

  /** What a store gives that finds this journal; its bytes must be as they were if it is refused. */
  async function opened(journal: Buffer | string, file?: string): Promise<Outcome> {
    writeFileSync(path('x.json.journal'), journal)
    if (file !== undefined) writeFileSync(path('x.json'), file)
    try {
      const store = await jsonFile({ path: path('x.json'), readonly: true })
      return [...store.query()]
    } catch (error) {
      expect(isStoreError(error, 'CorruptError'), String(error)).to.equal(true)
      expect(String(error)).to.match(/line \d+|journal belongs to/)
      expect(readFileSync(path('x.json.journal'))).to.deep.equal(Buffer.from(journal))
      return 'CorruptError'
    }
  }

  it('has one line a change set, with the file in the first', () => {
    const lines = (steps[4] as string).split('\n')
    expect(lines.map(line => line.slice(9))).to.deep.equal([
      '0:0:{"journal":1,"file":null}',
      '1:0:[{"put":{"id":1,"text":"one å"}}]',
      '2:2:[{"put":{"id":2,"when":{"$date":"1970-01-01T00:00:00.000Z"}}}]',
      '3:3:[{"put":{"id":3,"text":"a a"}}]',
      '4:3:[{"put":{"id":4,"text":"a a"}}]',
      '5:3:[{"put":{"id":5,"text":"a a"}}]',
      '6:6:[{"delete":1},{"put":{"id":6}}]',
      '',
    ])
  })

  it('is cut where it was torn, at every byte: acknowledged sets stay, the last is there whole or not at all', async () => {
    const whole = Buffer.from(steps[4] as string)
    const lengths = steps.map(text => Buffer.byteLength(text))
    for (let length = 0; length <= whole.length; length++) {
      const found = (await opened(whole.subarray(0, length))) as readonly Data[]
      const acknowledged = lengths.findLastIndex(each => each <= length)
      const before = states[acknowledged] as readonly Data[]
      // of the three that were put at once, those of which the line is whole
      const extra = acknowledged === 2 ? found.length - before.length : 0
      expect(extra, `cut at ${length}`).to.be.within(0, 2)
      expect(found, `cut at ${length}`).to.deep.equal(extra > 0 ? states[3]?.slice(0, found.length) : before)
    }
  })

  it('goes on after what was torn, as if that had never been', async () => {
    const whole = Buffer.from(steps[4] as string)
    for (let length = 1; length < whole.length; length += 7) {
      const name = `${length}.json`
      writeFileSync(path(`${name}.journal`), whole.subarray(0, length))
      const before = [...(await jsonFile({ path: path(name), readonly: true })).query()]
      const store = await jsonFile({ path: path(name) })
      await store.put({ id: 9 })
      const after = await opened(readFileSync(path(`${name}.journal`)))
      expect(after, `cut at ${length}`).to.deep.equal([...before, { id: 9 }])
      await store.close()
    }
  })

  it('reads NULs where a part was never written', async () => {
    const lengths = steps.map(text => Buffer.byteLength(text))
    const [, , start, end] = lengths as [number, number, number, number]
    const group = Buffer.from(steps[3] as string)
    for (let from = start; from < end - 1; from++) {
      const holed = Buffer.from(group)
      holed.fill(0, from, Math.min(from + 40, end))
      expect(await opened(holed), `NULs from ${from}`).to.deep.equal(
        states[3]?.slice(0, 2 + (group.subarray(start, from).toString().split('\n').length - 1)),
      )
      // the same where a later write says that it lasted
      const later = Buffer.concat([holed, Buffer.from(steps[4] as string).subarray(end)])
      expect(await opened(later), `NULs from ${from}, and more`).to.equal('CorruptError')
    }
  })

  it('every flipped bit is found', () => {
    const whole = Buffer.from(steps[4] as string)
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const flipped = Buffer.from(whole)
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(() => readJournal(flipped, 'x'), `bit ${bit}`).to.throw(/line \d+: /)
    }
  })

  it('other damage is found, or harmless', async () => {
    const seed = newSeed()
    const chance = random(seed)
    const lines = (steps[4] as string).split('\n').slice(0, -1)
    const join = (some: string[]) => some.map(line => `${line}\n`).join('')
    for (let at = 1; at < lines.length - 1; at++) {
      expect(await opened(join(lines.toSpliced(at, 1))), `line ${at} gone`).to.equal('CorruptError')
      expect(await opened(join(lines.toSpliced(at, 0, lines[at] as string))), `line ${at} twice`).to.equal(
        'CorruptError',
      )
    }
    expect(await opened(`${join(lines)}${lines.at(-1)}\n`), 'the last line twice').to.equal('CorruptError')
    expect(await opened(`${join(lines)}garbage\n`)).to.equal('CorruptError')
    expect(await opened(join(lines).replaceAll('\n', '\r\n'))).to.equal('CorruptError')
    expect(await opened('{"log":"of another program"}')).to.equal('CorruptError')
    expect(await opened('another program\nwrote this\n')).to.equal('CorruptError')
    // a NUL among the damage may look like a part that was never written: then what stands before it is found
    const prefixes: unknown[] = []
    for (const at of lines.keys()) prefixes.push(await opened(join(lines.slice(0, at + 1))))
    for (let turn = 0; turn < 500; turn++) {
      const bytes = Buffer.from(join(lines))
      const from = chance.below(bytes.length)
      const to = Math.min(bytes.length, from + 1 + chance.below(8))
      for (let position = from; position < to; position++) bytes[position] = chance.below(256)
      const found = await opened(bytes)
      if (found !== 'CorruptError') expect(prefixes, `SEED=${seed} turn ${turn}`).to.deep.include(found)
    }
  })

  it('of another version is refused', async () => {
    const header = printLine(0, 0, { journal: 2, file: null } as never)
    writeFileSync(path('x.json.journal'), header)
    const error = await jsonFile({ path: path('x.json') }).catch(reason => reason)
    expect(isStoreError(error, 'NotSupportedError'), String(error)).to.equal(true)
    expect(readFileSync(path('x.json.journal'), 'utf8')).to.equal(header)
  })

  it('does not undo what was edited in the file meanwhile: it is refused, and both are left as they are', async () => {
    const file = '[\n{"id":1,"text":"mine"}\n]\n'
    expect(await opened(steps[2] as string, file)).to.equal('CorruptError')
    const error = await jsonFile({ path: path('x.json') }).catch(reason => reason)
    expect(String(error)).to.match(/x\.json is not the file that its journal belongs to.*2 acknowledged/)
    expect(readFileSync(path('x.json'), 'utf8')).to.equal(file)
    expect(readFileSync(path('x.json.journal'), 'utf8')).to.equal(steps[2])
  })

  it('without changes it is no obstacle to an edited file', async () => {
    const header = (steps[1] as string).split('\n')[0] as string
    writeFileSync(path('x.json.journal'), `${header}\ntorn`)
    writeFileSync(path('x.json'), '[{"id":1}]')
    const store = await jsonFile({ path: path('x.json') })
    await store.put({ id: 2 })
    cpSync(path('x.json'), path('y.json'))
    cpSync(path('x.json.journal'), path('y.json.journal'))
    await store.close()
    const killed = await jsonFile({ path: path('y.json') })
    expect([...killed.query()]).to.deep.equal([{ id: 1 }, { id: 2 }])
    await killed.close()
  })

  it('is gone after close, and not made where nothing is written', async () => {
    expect(names()).to.deep.equal(['made.json'])
    const store = await jsonFile({ path: path('made.json') })
    expect(store.count()).to.equal(5)
    await store.close()
    expect(names()).to.deep.equal(['made.json'])
  })

  it('holds the largest objects', () => {
    const line = printLine(0, 0, [{ put: { id: 1, text: 'x'.repeat(2 ** 24) } }])
    const { sets, length } = readJournal(Buffer.from(line), 'x')
    expect([sets.length, length]).to.deep.equal([1, line.length])
  })
})
