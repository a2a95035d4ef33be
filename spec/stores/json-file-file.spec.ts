import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { stringify } from '../../lib/json.js'
import { type JsonFileOptions, jsonFile } from '../../stores/json-file.js'
import { newSeed, random } from '../oracle/random.js'
import { randomObject } from '../oracle/values.js'
import { folder } from './json-file/folder.js'

describe('jsonFile, the file', () => {
  const { path, names, text } = folder()

  async function opened(content: string | Buffer, options: Partial<JsonFileOptions> = {}): Promise<unknown[]> {
    writeFileSync(path(), content)
    const store = await jsonFile({ path: path(), ...options })
    const objects = [...store.query()]
    await store.close()
    // nothing was written, so nothing may change
    expect(readFileSync(path())).to.deep.equal(Buffer.from(content))
    return objects
  }

  async function refusal(options: Partial<JsonFileOptions> = {}): Promise<Error> {
    const error = await jsonFile({ path: path(), ...options }).then(
      () => new Error('was opened'),
      reason => reason,
    )
    expect(names().filter(name => name.includes('journal') || name.includes('tmp'))).to.deep.equal([])
    return error
  }

  it('has one object a line, in the order of ids', async () => {
    const store = await jsonFile({ path: path() })
    for (const id of ['b', 10, 'a', 9, '8']) await store.put({ id, when: new Date(0) })
    await store.close()
    expect(text()).to.equal(
      `[\n${['"8"', 9, 10, '"a"', '"b"'].map(id => `{"id":${id},"when":{"$date":"1970-01-01T00:00:00.000Z"}}`).join(',\n')}\n]\n`,
    )
  })

  it('without objects is an empty array', async () => {
    const store = await jsonFile({ path: path() })
    await store.put({ id: 1 })
    await store.delete(1)
    await store.close()
    expect(text()).to.equal('[]\n')
  })

  it('may be missing or empty', async () => {
    for (const empty of ['', ' ', '\n\r\n\t', '\ufeff', '\ufeff\n', '[]', ' [ ]\r\n']) {
      expect(await opened(empty), JSON.stringify(empty)).to.deep.equal([])
    }
  })

  it('may be written by hand', async () => {
    const objects = [{ id: 'a', list: [1, { x: null }], text: 'å "quoted" \u{1f600}' }, { id: 'b' }]
    for (const text of [
      JSON.stringify(objects),
      JSON.stringify(objects, null, 2),
      JSON.stringify(objects, null, '\t'),
      `\ufeff${JSON.stringify(objects, null, 4)}\n\n`,
      JSON.stringify(objects, null, 2).replaceAll('\n', '\r\n'),
      JSON.stringify(objects.toReversed()),
      JSON.stringify(objects).replaceAll('a', '\\u0061'),
    ]) {
      expect(await opened(text), text).to.deep.equal(objects)
    }
  })

  it('gives back 300 random objects, edited or not', async () => {
    const seed = newSeed()
    const chance = random(seed)
    const store = await jsonFile({ path: path(), durability: 'relaxed' })
    for (let id = 0; id < 300; id++) await store.put({ ...randomObject(chance), id })
    const objects = [...store.query()]
    await store.close()
    const text = readFileSync(path(), 'utf8')
    expect(await opened(text), `SEED=${seed}`).to.deep.equal(objects)
    expect(await opened(stringify(objects, 2)), `SEED=${seed}`).to.deep.equal(objects)
  })

  const deep = `${'['.repeat(120)}${']'.repeat(120)}`
  const corrupt: readonly [title: string, content: string | Buffer, message: RegExp][] = [
    ['text', 'hello', /line 1, column 1/],
    ['cut off', '[{"id":1},\n{"id":2', /line 2, column 8/],
    ['a comma too many', '[\n{"id":1},\n]\n', /line 3, column 1/],
    ['two arrays', '[]\n[]\n', /line 2, column 1/],
    ['NULs', Buffer.alloc(100), /line 1, column 1/],
    ['NULs at the end', '[]\n\0\0', /line 2, column 1/],
    ['an object by id', '{"1":{"id":1}}', /an array of objects is expected/],
    ['a number', '5', /an array of objects is expected/],
    ['an item that is no object', '[{"id":1},\n 5]', /item 2 \(line 2, column 2\).*a number stands where/],
    ['an item that is null', '[null]', /item 1 \(line 1, column 2\).*null stands where/],
    ['an item that is an array', '[[]]', /item 1.*an array stands where/],
    ['an item that is a date', '[{"$date":"2026-01-01T00:00:00.000Z"}]', /item 1.*an instance of Date stands where/],
    ['no id', '[{"id":1},{"ID":2}]', /item 2.*has no id/],
    ['an id of null', '[{"id":null}]', /item 1.*not null/],
    ['an empty id', '[{"id":""}]', /item 1.*is empty/],
    ['an id that is a fraction', '[{"id":1.5}]', /item 1.*not a safe integer/],
    ['an id with a line feed', '[{"id":"a\\nb"}]', /item 1.*control character/],
    ['an id twice', '[{"id":1},{"id":2},\n{"id":"1"}]', /item 3 \(line 2, column 1\).*that of an object before/],
    ['a lone surrogate', '[{"id":1,"a":"\\ud800"}]', /item 1.*well-formed/],
    ['a lone surrogate in a name', '[{"id":1,"\\udfff":1}]', /item 1.*well-formed/],
    ['a number that is too large', '[{"id":1,"n":1e999}]', /item 1.*finite/],
    ['-0', '[{"id":1,"n":[-0]}]', /item 1.*-0/],
    ['too deep', `[{"id":1,"a":${deep}}]`, /item 1.*nested deeper/],
    ['too deep for any stack', `[{"id":1,"a":"$","b":${'['.repeat(1e5)}${']'.repeat(1e5)}}]`, /item 1.*nested deeper/],
    ['a mark that is none', '[{"id":1,"a":{"$date":"yesterday"}}]', /item 1.*\$date/],
    ['UTF-16', Buffer.from('\ufeff[]', 'utf16le'), /line 1: .*not UTF-8/],
    ['Latin-1', Buffer.from('[\n{"id":"å"}]', 'latin1'), /line 2: .*not UTF-8/],
  ]
  for (const [title, content, message] of corrupt) {
    it(`${title} is refused with its place, and left alone`, async () => {
      writeFileSync(path(), content)
      const error = await refusal()
      expect(isStoreError(error, 'CorruptError'), String(error)).to.equal(true)
      expect(error.message).to.match(message).and.to.include(path())
      expect(readFileSync(path())).to.deep.equal(Buffer.from(content))
    })
  }

  it('is found through a link, which is followed once', async () => {
    mkdirSync(path('real'))
    symlinkSync(path('real/there.json'), path('link.json'))
    expect((await refusal({ path: path('link.json') })).name).to.equal('NotFoundError')
    writeFileSync(path('real/there.json'), '[{"id":1}]')
    const store = await jsonFile({ path: path('link.json') })
    expect(String(await refusal({ path: path('real/there.json') }))).to.match(/in use by process/)
    renameSync(path('link.json'), path('old.json'))
    symlinkSync('/nowhere', path('link.json'))
    await store.put({ id: 2 })
    await store.close()
    expect(JSON.parse(readFileSync(path('real/there.json'), 'utf8'))).to.deep.equal([{ id: 1 }, { id: 2 }])
  })

  it('must be a file: a directory, a device, a pipe and a socket are refused at once', async () => {
    mkdirSync(path('directory'))
    execFileSync('mkfifo', [path('pipe')])
    const server = createServer().listen(path('socket'))
    await once(server, 'listening')
    for (const each of [path('directory'), '/dev/zero', path('pipe'), path('socket')]) {
      const error = await refusal({ path: each })
      expect(isStoreError(error, 'NotSupportedError'), `${each}: ${error}`).to.equal(true)
      expect(error.message).to.match(/not a regular file/)
    }
    server.close()
  })

  it('must have a directory', async () => {
    writeFileSync(path('file'), '')
    expect((await refusal({ path: path('missing/data.json') })).name).to.equal('NotFoundError')
    expect((await refusal({ path: path('file/data.json') })).name).to.equal('NotFoundError')
  })

  it('is refused before it is read if it is too large', async () => {
    writeFileSync(path(), 'x'.repeat(101))
    const error = await refusal({ maxFile: 100 })
    expect(isStoreError(error, 'QuotaExceededError')).to.equal(true)
    expect(error.message).to.match(/has 101 bytes, more than the 100 allowed/)
  })

  it('a new one is for its owner only, an old one keeps its mode and owner', async () => {
    const modes = async (name: string) => {
      const store = await jsonFile({ path: path(name) })
      await store.put({ id: 1 })
      const journal = statSync(path(`${name}.journal`)).mode & 0o777
      await store.close()
      return [statSync(path(name)).mode & 0o777, journal]
    }
    expect(await modes('new.json')).to.deep.equal([0o600, 0o600])
    writeFileSync(path('old.json'), '[]')
    chmodSync(path('old.json'), 0o640)
    if (process.getuid?.() === 0) chownSync(path('old.json'), 12345, 54321)
    expect(await modes('old.json')).to.deep.equal([0o640, 0o640])
    if (process.getuid?.() === 0) {
      const { uid, gid } = statSync(path('old.json'))
      expect([uid, gid]).to.deep.equal([12345, 54321])
    }
  })

  it('its own stray files are removed at opening, others never', async () => {
    const strays = ['data.json.0123456789abcdef.holdfast-tmp', 'data.json.fedcba9876543210.holdfast-tmp']
    const others = [
      'data.json.0123456789abcdeg.holdfast-tmp',
      'data.json.0123456789abcdef.tmp',
      'other.json.0123456789abcdef.holdfast-tmp',
      'xdata.json.0123456789abcdef.holdfast-tmp',
    ]
    for (const name of [...strays, ...others]) writeFileSync(path(name), 'x')
    mkdirSync(path('data.json.00000000000000ff.holdfast-tmp'))
    const store = await jsonFile({ path: path() })
    await store.close()
    expect(names()).to.deep.equal([...others, 'data.json.00000000000000ff.holdfast-tmp'].sort())
  })

  it('keeps the indexes it is told, and refuses objects that break them', async () => {
    const text = '[{"id":1,"n":5},{"id":2,"n":5}]'
    expect(await opened(text, { indexes: ['n'] })).to.have.length(2)
    const error = await refusal({ indexes: [{ path: 'n', unique: true }] })
    expect(isStoreError(error, 'ConstraintError')).to.equal(true)
    expect(readFileSync(path(), 'utf8')).to.equal(text)
  })
})
