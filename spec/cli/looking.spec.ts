import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Failure } from '../../cli/failure.js'
import { placeOf } from '../../cli/places/place.js'
import { furnish, inFolder, run } from './run.js'

describe('the command', () => {
  const folder = inFolder()
  const go = (...words: string[]) => run(folder.path, words)

  beforeEach(() => furnish(folder.path))

  it('reads addresses', () => {
    const world = { cwd: folder.path }
    const at = (name: string) => join(folder.path, name)
    expect(placeOf(world, 'memory:')).to.deep.equal({ kind: 'memory' })
    expect(placeOf(world, 'file:a#b.json')).to.deep.equal({ kind: 'file', path: at('a#b.json') })
    expect(placeOf(world, 'dir:./x')).to.deep.equal({ kind: 'dir', path: at('x') })
    expect(placeOf(world, 'sqlite:a#b.db#t')).to.deep.equal({ kind: 'sqlite', path: at('a#b.db'), table: 't' })
    expect(placeOf(world, 'app.sqlite3')).to.deep.equal({ kind: 'sqlite', path: at('app.sqlite3'), table: undefined })
    expect(placeOf(world, 'data')).to.deep.equal({ kind: 'dir', path: at('data') })
    expect(placeOf(world, 'new.json')).to.deep.equal({ kind: 'file', path: at('new.json') })
    expect(placeOf(world, 'https://a/b')).to.deep.equal({ kind: 'remote', url: 'https://a/b' })
    expect(placeOf(world, 'package:x')).to.deep.equal({ kind: 'package', name: 'x' })
    const far = ['https://', 'https://a', 'https://a/b?c', 'https://a:b@c/d']
    for (const wrong of ['', 'users', 'file:', 'ftp://a/b', ...far]) {
      expect(() => placeOf(world, wrong), wrong)
        .to.throw(Failure)
        .with.property('code', 2)
    }
  })

  it('tells programs of failures in JSON, too', async () => {
    for (const words of [
      ['get', 'users.json', 'zed'],
      ['delete', 'users.json', 'zed'],
      ['count', 'none.json'],
    ]) {
      const { code, err } = await go(...words, '--json')
      expect([code, JSON.parse(err).code], words[0]).to.deep.equal([3, 3])
    }
  })

  it('gives lines to programs, and tables and colours to terminals only', async () => {
    const plain = await go('query', 'users.json', 'sort(-age)', 'limit(1)')
    expect(plain.out).to.equal('{"id":"cyd","name":"Cyd","age":41}\n')
    const { out } = await run(folder.path, ['query', 'users.json'], { terminal: true })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal
    expect(out.replace(/\u001b\[\d+m/g, '').split('\n')[1]).to.equal('ada  Ada    36  Oslo')
    expect(out).to.include('\u001b[1m')
    const quiet = await run(folder.path, ['query', 'users.json'], { terminal: true, env: { NO_COLOR: '1' } })
    expect(quiet.out).not.to.include('\u001b')
    expect((await go('query', 'users.json', '--format', 'csv')).out.split('\n')[0]).to.equal('id,name,age,city')
    expect(JSON.parse((await go('query', 'users.json', '--format', 'json')).out)).to.have.length(3)
  })

  it('cuts a table to the terminal, and lets no value command it', async () => {
    const object = { id: 'x', evil: '\u001b]0;owned\u0007\u202e', long: 'y'.repeat(200), wide: '日本語' }
    await go('put', 'evil.json', JSON.stringify(object))
    for (const words of [
      ['query', 'evil.json'],
      ['get', 'evil.json', 'x'],
      ['query', 'evil.json', '--json'],
    ]) {
      const { out } = await run(folder.path, words, { terminal: true, env: { NO_COLOR: '1' } })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
      expect(out).not.to.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
      if (words.length === 2) for (const line of out.split('\n')) expect(line.length).to.be.at.most(80)
    }
    const { err } = await go('get', 'evil.json', 'a\u001b[2Jb')
    expect(err).to.include('a\\u001b[2Jb')
  })

  it('has an exit code for each kind of failure, and one line that says what to do', async () => {
    const cases: [number, string[]][] = [
      [2, ['get', 'users.json']],
      [2, ['gte', 'users.json', 'ada']],
      [2, ['get', 'users', 'ada']],
      [2, ['audit']],
      [2, ['export', 'users.json', 'users.txt']],
      [2, ['serve', 'users.json', '--token', '']],
      [2, ['query', 'users.json', 'a=(']],
      [2, ['put', 'users.json', '{bad']],
      [2, ['put', 'users.json', '[1]']],
      [2, ['serve', 'users.json', '--host', '0.0.0.0']],
      [2, ['watch', 'app.db#users', '--since', 'x']],
      [3, ['get', 'users.json', 'nobody']],
      [3, ['get', 'nothing.json', 'ada']],
      [3, ['delete', 'users.json', 'nobody']],
      [3, ['undo', 'users.json']],
      [3, ['put', 'no/such/folder.json', '{}']],
      [4, ['put', 'users.json', '{"id":"ada"}', '--add']],
      [4, ['put', 'users.json', '{"id":"ada"}', '--if-match', '"x"']],
      [4, ['recover', 'users.json', 'dir:data']],
      [5, ['get', 'http://127.0.0.1:1/users', 'ada']],
      [6, ['query', 'people.json']],
    ]
    folder.write('people.json', '[{"id":1},\n')
    for (const [code, words] of cases) {
      const result = await go(...words)
      expect(result.code, `${words.join(' ')}: ${result.err}`).to.equal(code)
      expect(result.err, words.join(' ')).to.match(/^holdfast: [^\n]+; [^\n]+\n$/)
      expect(result.out).to.equal('')
    }
    const { err } = await go('get', 'nothing.json', 'ada', '--json')
    expect(JSON.parse(err)).to.include({ error: 'NotFoundError', code: 3 })
  })

  it('makes nothing where it only reads', async () => {
    const before = readdirSync(folder.path).sort()
    for (const words of [
      ['count', 'none.json'],
      ['count', 'none.db'],
      ['count', 'dir:none'],
      ['check', 'none.db'],
    ]) {
      expect((await go(...words)).code).to.equal(3)
    }
    await go('count', 'dir:data')
    await go('infer', 'users.json')
    expect(readdirSync(folder.path).sort()).to.deep.equal(before)
  })

  it('reads tables of other programs by their columns', async () => {
    const { default: Database } = await import('better-sqlite3')
    const database = new Database(join(folder.path, 'shop.db'))
    database.exec('CREATE TABLE parts (sku TEXT PRIMARY KEY, price REAL, sold BOOLEAN, made DATE)')
    database.exec(`INSERT INTO parts VALUES ('bolt', 0.5, 1, '2026-01-31')`)
    database.close()
    const { out } = await go('get', 'shop.db', 'bolt')
    expect(out).to.equal('{"sku":"bolt","price":0.5,"sold":true,"made":{"$date":"2026-01-31T00:00:00.000Z"}}\n')
    expect((await go('patch', 'shop.db', 'bolt', '{"price":0.75}')).code).to.equal(0)
    expect((await go('query', 'shop.db', 'price>0.5', '--json')).out).to.include('"price":0.75')
    expect((await go('copy', 'shop.db', 'parts.json')).out).to.match(/^1 added; 1 objects are equal/)
    expect((await go('get', 'parts.json', 'bolt', '--id-property', 'sku')).code).to.equal(0)
    expect((await go('get', 'shop.db#wheels', 'x')).err).to.include('no table wheels, but parts')
  })

  it('reads packages of data', async () => {
    const { code, out } = await run(join(import.meta.dirname, '../..'), [
      'get',
      'package:world-countries',
      'NOR',
      '--id-property',
      'cca3',
    ])
    expect(code).to.equal(0)
    expect(JSON.parse(out).name.common).to.equal('Norway')
  })

  it('changes objects by patches, on conditions, and from stdin', async () => {
    expect((await go('patch', 'users.json', 'ada', '{"age":37,"city":null}')).out).to.equal(
      '{"id":"ada","name":"Ada","age":37}\n',
    )
    const tag = (await go('get', 'users.json', 'ada', '--etag')).out.trim()
    expect((await go('delete', 'users.json', 'ada', '--if-match', '"other"')).code).to.equal(4)
    expect((await go('delete', 'users.json', 'ada', '--if-match', tag)).code).to.equal(0)
    const put = await run(folder.path, ['put', 'users.json', '--id', '7'], { stdin: '{"name":"Seven"}' })
    expect(put.out).to.equal('7\n')
    expect((await go('get', 'users.json', '7')).out).to.equal('{"id":7,"name":"Seven"}\n')
  })

  it('loads nothing heavy before it is needed', () => {
    const root = join(import.meta.dirname, '../../')
    const reached = new Set<string>()
    const visit = (file: string) => {
      if (reached.has(file)) return
      reached.add(file)
      const text = readFileSync(join(root, file), 'utf8')
      for (const [, path] of text.matchAll(/^(?:import|export) (?!type)[^;]*?from '(\.[^']+)'/gm)) {
        visit(join(file, '..', path as string).replace(/js$/, 'ts'))
      }
    }
    visit('cli/holdfast.ts')
    const outside = [...reached].filter(file => !file.startsWith('cli/'))
    expect(outside).to.deep.equal(['lib/errors.ts'])
  })
})
