import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { items } from '../../cli/formats/items.js'
import { lines, type Piece } from '../../cli/formats/lines.js'
import { rows } from '../../cli/formats/rows.js'
import { newSeed, random } from '../oracle/random.js'
import { furnish, inFolder, run } from './run.js'

describe('import and export', () => {
  const folder = inFolder()
  const go = (...words: string[]) => run(folder.path, words)

  beforeEach(() => furnish(folder.path))

  const bad: [name: string, text: string | Uint8Array, problem: RegExp, skipped: number][] = [
    ['a.ndjson', '{"id":1}\n\n{"id":2,}\n{"id":3}\n', /a\.ndjson:3: not JSON at column 9/, 1],
    ['b.ndjson', '{"id":1}\n[2]\n"three"\n', /b\.ndjson:2: an array stands where an object is expected/, 2],
    [
      'c.ndjson',
      '{"id":1}\n{"id":2,"at":{"$date":"never"}}\n',
      /c\.ndjson:2: "never" is not the content of a \$date/,
      1,
    ],
    ['d.ndjson', '{"id":1}\n{"id":{}}\n{"id":""}\n', /d\.ndjson:2: the object's id is neither/, 2],
    ['e.ndjson', '{"id":1}\n{"id":2}\n{"id":"1"}\n', /e\.ndjson:3: the id 1 is that of an object before it/, 1],
    ['f.ndjson', Buffer.from('{"id":1}\n{"id":2,"name":"\xff"}\n', 'latin1'), /f\.ndjson:2: the text is not UTF-8/, 1],
    ['a.json', '[\n {"id": 1},\n {"id": 2,\n  "name": oops}\n]', /a\.json:4: not JSON at column 11/, 1],
    ['b.json', '[{"id":1},\n{"id":2}', /b\.json:2: the file ends where , or \] is expected/, 1],
    ['c.json', '{"users":[]}', /c\.json:1: "{" stands where an array of objects, \[ …, is expected/, 1],
    ['d.json', '[{"id":1}]\n]', /d\.json:2: "]" stands where nothing more is expected/, 1],
    ['a.csv', 'id,name\n1,Ada\n2,Bob,x\n', /a\.csv:3: 3 cells stand where 2 are expected/, 1],
    ['b.csv', 'id,name\n1,Ada\n"2\n', /b\.csv:3: the text ends within quotes/, 1],
    ['d.csv', 'id,name\n1,"A\n\nB"\n2,"\n\nC",x\n', /d\.csv:5: 3 cells stand where 2 are expected/, 1],
    ['c.csv', 'id,id\n1,2\n', /c\.csv:1: two columns are named id/, 1],
  ]

  for (const [name, text, problem, skipped] of bad) {
    it(`says where ${name} is bad, and changes nothing; or leaves that out`, async () => {
      folder.write(name, text as string)
      const refused = await go('import', 'new.db#t', name)
      expect(refused.code).to.equal(4)
      expect(refused.err)
        .to.match(problem)
        .and.match(/nothing was imported; mend it, or leave it out by --skip-bad\n$/)
      expect(existsSync(join(folder.path, 'new.db'))).to.equal(false)
      const taken = await go('import', 'new.db#t', name, '--skip-bad', '--json')
      expect(taken.code, taken.err).to.equal(0)
      expect(taken.err).to.match(problem)
      expect(taken.err.match(/^skipped /gm)).to.have.length(skipped)
      const { added, skipped: left } = JSON.parse(taken.out)
      expect(left).to.equal(skipped)
      if (added > 0) expect((await go('count', 'new.db#t')).out).to.equal(`${added}\n`)
    })
  }

  it('keeps the ends of lines that texts hold', async () => {
    folder.write('ends.ndjson', '{"id":1,"text":"a\\r\\nb\\nc\\rd","constructor":"x"}\r\n{"id":2}\r\n')
    expect((await go('import', 'ends.json', 'ends.ndjson')).out).to.equal('2 added\n')
    expect((await go('export', 'ends.json', 'ends.csv', '--quiet')).code).to.equal(0)
    expect((await go('import', 'again.json', 'ends.csv')).out).to.equal('2 added\n')
    expect((await go('copy', 'ends.json', 'again.json')).out).to.match(/^0 added; 2 objects are equal/)
  })

  it('says so where a file changes between two looks at it', async () => {
    const file = join(folder.path, 'long.ndjson')
    await writeFile(file, '{"id":1}\n{"id":2}\n')
    let looked = 0
    // the clock is asked when the look at the file ends, and when the write begins
    const now = () => {
      if (looked++ === 3) writeFileSync(file, '{"id":1}\n')
      return 0
    }
    const { code, err } = await run(folder.path, ['import', 'new.json', 'long.ndjson'], { now })
    expect([code, err]).to.deep.equal([4, 'holdfast: the file has changed while it was read; import it again\n'])
  })

  it('leaves what is there alone, unless it is told to overwrite', async () => {
    const before = readFileSync(join(folder.path, 'users.json'), 'utf8')
    folder.write('more.ndjson', '{"id":"eve"}\n{"id":"ada","name":"Other"}\n')
    const { code, err } = await go('import', 'users.json', 'more.ndjson')
    expect(code).to.equal(4)
    expect(err).to.include('more.ndjson:2: another object is stored under ada: --overwrite replaces it')
    expect(readFileSync(join(folder.path, 'users.json'), 'utf8')).to.equal(before)
    expect((await go('import', 'users.json', 'more.ndjson', '--overwrite')).out).to.equal('1 added, 1 replaced\n')
    expect((await go('import', 'users.json', 'more.ndjson')).out).to.equal('2 unchanged\n')
  })

  it('gives columns of CSV one type, and types by a schema', async () => {
    folder.write(
      't.csv',
      'id,age,zip,member,tags,born\n1,36,0150,true,"[""a""]",1990-01-31T00:00:00Z\n2,25,9000,false,[],\n',
    )
    await go('import', 'plain.json', 't.csv')
    expect((await go('get', 'plain.json', '1')).out).to.equal(
      '{"id":1,"age":36,"zip":"0150","member":true,"tags":["a"],"born":"1990-01-31T00:00:00Z"}\n',
    )
    await go('import', 'text.json', 't.csv', '--text')
    expect((await go('get', 'text.json', '2')).out).to.include('"age":"25","zip":"9000"')
    folder.write('s.json', '{"properties":{"age":{"type":"integer","minimum":30},"born":{"type":"date"}}}')
    const typed = await go('import', 'typed.json', 't.csv', '--schema', 's.json', '--skip-bad')
    expect(typed.err).to.match(/skipped t\.csv:3: age .*30/)
    expect((await go('get', 'typed.json', '1')).out)
      .to.include('"age":36,')
      .and.include('{"$date":"1990-01-31T00:00:00.000Z"}')
  })

  for (const format of ['ndjson', 'json', 'csv']) {
    it(`${format} that was written is read again as it was`, async () => {
      await go('put', 'users.json', `{"id":"eve","name":"a \\"b\\",\\nc ","age":1,"city":""}`)
      expect((await go('export', 'users.json', `out.${format}`)).code).to.equal(0)
      await go('import', 'again.json', `out.${format}`)
      expect((await go('copy', 'users.json', 'again.json')).out).to.match(/^0 added; 4 objects are equal/)
      const refused = await go('export', 'users.json', `out.${format}`)
      expect([refused.code, refused.err]).to.deep.equal([
        4,
        `holdfast: ${folder.path}/out.${format} is there already; --force writes over it\n`,
      ])
    })
  }

  it('reads what comes in pieces', async () => {
    const seed = newSeed()
    const { below } = random(seed)
    const objects = Array.from({ length: 200 }, (_, id) => ({
      id,
      text: ['"', '\\', '\n', '[', '}', ',', 'ä', '日'].slice(below(8)).join(''),
    }))
    const ndjson = objects.map(object => JSON.stringify(object)).join('\n')
    const cut = async function* (text: string) {
      const bytes = Buffer.from(text)
      for (let at = 0; at < bytes.length; ) {
        const next = at + 1 + below(30)
        yield bytes.subarray(at, next)
        at = next
      }
    }
    const all = async <T>(source: AsyncIterable<Piece<T>>) => {
      const found: Piece<T>[] = []
      for await (const each of source) found.push(each)
      return found
    }
    const read = await all(lines(cut(ndjson)))
    expect(
      read.map(({ value }) => JSON.parse(value as string)),
      `SEED=${seed}`,
    ).to.deep.equal(objects)
    expect(read.at(-1)?.line).to.equal(200)
    const wide = await all(items(lines(cut(JSON.stringify(objects, null, 2)))))
    expect(
      wide.map(({ value }) => JSON.parse(value as string)),
      `SEED=${seed}`,
    ).to.deep.equal(objects)
    expect(wide[1]?.line).to.equal(6)
    const csv = objects.map(({ id, text }) => `${id},"${text.replaceAll('"', '""')}"`).join('\n')
    const table = await all(rows(lines(cut(csv))))
    expect(
      table.map(({ value }) => value?.[1]),
      `SEED=${seed}`,
    ).to.deep.equal(objects.map(({ text }) => text))
  })

  it('writes into a pipe, and never replaces it; and reads from one', async function () {
    const pipe = join(folder.path, 'pipe')
    if (spawnSync('mkfifo', [pipe]).status !== 0) return this.skip()
    const read = readFile(pipe, 'utf8')
    expect((await go('export', 'users.json', 'pipe', '--format', 'csv', '--force')).code).to.equal(0)
    expect(await read).to.match(/^id,name,age,city\nada,/)
    expect(lstatSync(pipe).isFIFO()).to.equal(true)
    const [{ out }] = await Promise.all([
      go('import', 'new.json', 'pipe', '--format', 'ndjson'),
      writeFile(pipe, '{"id":1}\n{"id":2}\n'),
    ])
    expect(out).to.equal('2 added\n')
  })

  it('takes stdin, and keeps a history if it is told to', async () => {
    const { out } = await run(folder.path, ['import', 'p.db#t', '-', '--history'], { stdin: '{"id":1}\n{"id":2}' })
    expect(out).to.equal('2 added\n')
    expect((await go('history', 'p.db#t', '--json')).out.split('\n')).to.have.length(3)
    expect((await go('undo', 'p.db#t', '2')).out).to.equal('undo 2: delete\n')
    expect((await go('count', 'p.db')).out).to.equal('1\n')
  })
})
