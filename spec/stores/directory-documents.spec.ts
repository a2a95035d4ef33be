import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { stringify } from '../../lib/json.js'
import type { Data, Store } from '../../lib/store.js'
import { readDocument } from '../../stores/directory/document.js'
import { directory } from '../../stores/directory.js'
import { sealed, sealOf } from '../../stores/files/seal.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { folder } from './json-file/folder.js'

const count = process.env.GATE ? 10_000 : 1000

describe('a seal', () => {
  const time = 1_700_000_000_123
  const bytes = sealed('{"a": 1}\n', time)

  it('is a line that nobody sees, and JSON does not mind', () => {
    expect(bytes.toString()).to.match(/^{"a": 1}\n[ \t]{64}\n$/)
    expect(JSON.parse(bytes.toString())).to.deep.equal({ a: 1 })
  })

  it('tells what was written, edited, damaged, and not sealed', () => {
    expect(sealOf(bytes, time)).to.equal('good')
    expect(sealOf(bytes, 0)).to.equal('good')
    const other = Buffer.from(bytes.toString().replace('1', '2'))
    expect(sealOf(other, time)).to.equal('damaged')
    expect(sealOf(other, time + 1000)).to.equal('edited')
    for (const text of ['', '\n', '{}', '{"a": 2}\n', `x${'\n'.repeat(65)}`, `${' '.repeat(60)}}`]) {
      expect(sealOf(Buffer.from(text), time)).to.equal('none')
    }
    for (const rest of [
      bytes.subarray(0, -1),
      bytes.subarray(0, -40),
      Buffer.from(bytes.toString().replace('\t', '\r')),
    ]) {
      expect(sealOf(rest, time)).to.equal('damaged')
      // nobody's edit is of a whole millisecond
      expect(sealOf(rest, time + 0.5)).to.equal('none')
    }
  })
})

describe('directory, what is in the files', () => {
  const { path } = folder()
  const file = (name = 'a') => path(`data/${name}.json`)
  const stores: Store[] = []
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close?.()
  })
  async function open() {
    const store = await directory({ path: path('data') })
    stores.push(store)
    return store
  }
  const object = {
    id: 'a',
    name: 'Ada',
    when: new Date(5),
    big: 2n ** 70n,
    bytes: Uint8Array.of(1, 2),
    list: [1, { x: null }],
  }

  it('people can read and edit', async () => {
    const store = await open()
    await store.put({ id: 'a', name: 'Ada', list: [1, 2] })
    expect(readFileSync(file(), 'utf8')).to.match(
      /^{\n {2}"id": "a",\n {2}"name": "Ada",\n {2}"list": \[\n {4}1,\n {4}2\n {2}\]\n}\n[ \t]{64}\n$/,
    )
    expect(statSync(file()).mode & 0o777).to.equal(0o600)
    await store.close()
    // an editor keeps the last line, and saves it a moment later
    writeFileSync(file(), readFileSync(file(), 'utf8').replace('Ada', 'Bob'))
    utimesSync(file(), 1, 1)
    const again = await open()
    expect(await again.get('a')).to.deep.equal({ id: 'a', name: 'Bob', list: [1, 2] })
    await again.close()
  })

  it('may be written by others, with or without the id', async () => {
    await (await open()).close()
    writeFileSync(file('7'), '{"n":1}')
    writeFileSync(file('007'), '\ufeff{"n":2}\r\n')
    writeFileSync(file('User'), '{"id":"User","n":3}')
    writeFileSync(file('x'.repeat(250)), '{}')
    writeFileSync(file('8'), '{"id":"8"}')
    const store = await open()
    expect(await store.get(7)).to.deep.equal({ id: 7, n: 1 })
    expect(await store.get('007')).to.deep.equal({ id: '007', n: 2 })
    expect(await store.get('User')).to.deep.equal({ id: 'User', n: 3 })
    expect(await store.get(8)).to.deep.equal({ id: '8' })
    expect(await store.get('x'.repeat(250))).to.deep.equal({ id: 'x'.repeat(250) })
    expect(await store.problems()).to.deep.equal([])
    await store.close()
  })

  const faults: [what: string, content: string | Buffer, message: RegExp][] = [
    ['not JSON', '{\n  "id": "a",\n  "n": }', /a\.json, line 3, column 8: .*JSON/s],
    ['empty', '', /a\.json, line 1, column 1: Unexpected end/],
    ['not an object', '[1]', /an array stands where an object/],
    ['not UTF-8', Buffer.from([123, 255, 125]), /not UTF-8/],
    ['out of the value domain', '{"n":-0}', /-0/],
    ['with half a character', '{"n":"\\ud800"}', /well-formed/],
    ['with the id of another', '{"id":"b"}', /the id is "b", which is not that of its name/],
    ['with no id', '{"id":true}', /id/],
    ['with a wrong encoding', '{"n":{"$date":"yesterday"}}', /yesterday/],
  ]
  for (const [what, content, message] of faults) {
    it(`${what}: a CorruptError that says where, and nothing else is blocked`, async () => {
      const store = await open()
      await store.put({ id: 'b' })
      writeFileSync(file(), content)
      await store.close()
      const again = await open()
      for (const call of [() => again.get('a'), () => again.put({ id: 'a' }), () => again.delete('a')]) {
        const error = await (async () => call())().catch(reason => reason)
        expect(isStoreError(error, 'CorruptError'), String(error)).to.equal(true)
        expect(error.message).to.match(message)
      }
      expect(readFileSync(file()).equals(Buffer.from(content))).to.equal(true)
      const all: Data[] = []
      for await (const each of again.query()) all.push(each)
      expect(all).to.deep.equal([{ id: 'b' }])
      expect(await again.count()).to.equal(1)
      const [problem, ...others] = await again.problems()
      expect(others).to.deep.equal([])
      expect(problem).to.include({ name: 'a.json', id: 'a' })
      writeFileSync(file(), '{"mended":true}')
      expect(await again.get('a')).to.deep.equal({ id: 'a', mended: true })
      await again.put({ id: 'a' })
      await again.close()
    })
  }

  describe('damaged', () => {
    const time = 1_763_000_000_000
    const place = { path: '/data/a.json', name: 'a.json', idProperty: 'id' }
    const value = { ...object, text: 'lorem ipsum '.repeat(300) }
    const original = sealed(`${stringify(value, 2)}\n`, time)

    /** Is it the object? Anything but a CorruptError or the object is an error. */
    function survives(bytes: Buffer): boolean {
      try {
        const stat = { mtimeMs: time, nlink: 1 } as never
        expect(readDocument({ bytes, stat }, place).object).to.deep.equal(value)
        return true
      } catch (error) {
        if (!isStoreError(error, 'CorruptError')) throw error
        return false
      }
    }

    it('by a cut at any byte: the object while it is whole, then a CorruptError', () => {
      expect(original.length).to.be.greaterThan(3500)
      const whole = original.lastIndexOf('}') + 1
      for (let end = 0; end <= original.length; end++) {
        const survived = survives(original.subarray(0, end))
        if (end < whole || end === original.length || end === whole) expect(survived, `${end}`).to.equal(end >= whole)
      }
    }).timeout(60_000)

    const seed = newSeed()
    it(`in ${count} ways: the object or a CorruptError, never another, SEED=${seed}`, () => {
      const chance = random(seed)
      let whole = 0
      for (let left = count; left > 0; left--) if (survives(mutated(original, chance))) whole++
      expect(whole).to.be.lessThan(count / 2)
    }).timeout(60_000)
  })
})

function mutated(original: Buffer, chance: Random): Buffer {
  const bytes = Buffer.from(original)
  const at = chance.below(bytes.length)
  const text = bytes.toString()
  switch (chance.below(9)) {
    case 0:
      return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(bytes.length - at)])
    case 1:
      return Buffer.concat([bytes, bytes.subarray(at)])
    case 2:
      return Buffer.from(`\ufeff${text}`)
    case 3:
      return Buffer.from(text.replaceAll('\n', '\r\n'))
    case 4:
      return Buffer.from(text, 'utf16le')
    case 5:
      return bytes.fill(chance.below(256), at, Math.min(bytes.length, at + 1 + chance.below(600)))
    case 6:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + chance.below(20))])
    default:
      for (let flips = 1 + chance.below(3); flips > 0; flips--) {
        const position = chance.below(bytes.length)
        bytes[position] = (bytes[position] as number) ^ (1 << chance.below(8))
      }
      return bytes
  }
}
