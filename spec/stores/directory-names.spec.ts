import { expect } from 'chai'
import { checkId, toKey } from '../../lib/id.js'
import { catalog } from '../../stores/directory/catalog.js'
import { isOurs, nameOf, readName } from '../../stores/directory/file-name.js'
import { newSeed, random } from '../oracle/random.js'
import { randomId } from './directory/random-id.js'

const count = process.env.GATE ? 1_000_000 : 50_000

describe('directory, the names of files', () => {
  it('are those that people expect', () => {
    const names: [string | number, string][] = [
      ['user:123', 'user%3A123.json'],
      ['ada', 'ada.json'],
      [7, '7.json'],
      ['007', '007.json'],
      ['Ada Lovelace', '%41da%20%4Covelace.json'],
      ['../x', '%2E.%2Fx.json'],
      ['.hidden', '%2Ehidden.json'],
      ['con', '%63on.json'],
      ['con.txt', '%63on.txt.json'],
      ['com1', '%63om1.json'],
      ['console', 'console.json'],
      ['a*b~c', 'a%2Ab%7Ec.json'],
      ['__proto__', '__proto__.json'],
      ['é', '%C3%A9.json'],
    ]
    for (const [id, name] of names) {
      expect(nameOf(id)).to.equal(name)
      expect(readName(name)).to.deep.equal({ name, id })
    }
  })

  it('of long ids are cut between escapes, and end with a hash', () => {
    for (const id of [
      'x'.repeat(201),
      'é'.repeat(100),
      `x${'é'.repeat(512)}`.slice(0, 500),
      `${'x'.repeat(134)}${'é'.repeat(99)}`,
    ]) {
      const name = nameOf(id)
      expect(name).to.match(/^(?:[\da-z]|%[\dA-F]{2})+~[\da-f]{64}\.json$/)
      expect(name.length).to.be.at.most(205)
      expect(readName(name)).to.deep.equal({ name, id: undefined })
    }
    expect(nameOf('x'.repeat(200))).to.equal(`${'x'.repeat(200)}.json`)
  })

  const seed = newSeed()
  it(`of ${count} ids lead back to them, and none is like another, SEED=${seed}`, () => {
    const chance = random(seed)
    const folded = new Map<string, unknown>()
    for (let left = count; left > 0; left--) {
      const id = randomId(chance)
      const key = toKey(checkId(id))
      const name = nameOf(key)
      if (!/^(?:[\da-z_!'()-]|%[\dA-F]{2})(?:[\d.a-z_!'()-]|%[\dA-F]{2})*(?:~[\da-f]{64})?\.json$/.test(name))
        expect.fail(name)
      if (/^(?:con|prn|aux|nul|com\d|lpt\d)\./.test(name)) expect.fail(name)
      const read = readName(name)
      if (read.name !== name || (read.id !== key && !name.includes('~'))) expect.fail(`${id} ${name}`)
      if (isOurs(name) && readName(name).id !== key) expect.fail(`${id} ${name}`)
      const likeness = name.toLowerCase().normalize('NFKC').toUpperCase().normalize('NFC')
      if (folded.has(likeness) && folded.get(likeness) !== key) expect.fail(`${id} ${folded.get(likeness)}`)
      folded.set(likeness, key)
    }
  }).timeout(120_000)

  it(`is taken for ours only if it is, SEED=${seed}`, () => {
    const chance = random(seed)
    for (let left = count; left > 0; left--) {
      const name = `${chance.chance(0.5) ? randomId(chance) : nameOf(randomId(chance)).slice(0, -5)}.json`
      if (isOurs(name) && readName(name).name !== name) expect.fail(name)
    }
  })

  it('that others gave are taken where they are those of an id, once', () => {
    const listed = [
      'a.json',
      'User.json',
      '%55ser.json',
      'x~y.json',
      '.x.json',
      '%zz.json',
      '%01.json',
      '.json',
      'README',
      'ß.json',
    ]
    const { names, aliases, strangers } = catalog(listed, '/data')
    expect([...names].sort()).to.deep.equal(['%2Ex.json', '%55ser.json', '%C3%9F.json', 'a.json', 'x%7Ey.json'])
    expect(Object.fromEntries(aliases)).to.deep.equal({
      '%2Ex.json': '.x.json',
      '%C3%9F.json': 'ß.json',
      'x%7Ey.json': 'x~y.json',
    })
    expect([...strangers.keys()].sort()).to.deep.equal(['%01.json', '%zz.json', '.json', 'User.json'])
    expect(String(strangers.get('User.json'))).to.match(
      /CorruptError: \/data\/User.json is for the same id as %55ser.json/,
    )
  })
})
