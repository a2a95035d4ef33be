import { generateKeyPairSync } from 'node:crypto'
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { audit, checkReceipt, verifyAudit } from '../../models/persisto/audit.js'
import { nodeFileSystem } from '../../stores/files/file-system.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { failure } from './persisto/failure.js'

const day = 24 * 3600 * 1000

describe('persisto: the audit log', () => {
  const files = folder()
  const path = () => files.path('audit')

  /** A log of three days. */
  async function written(count = 12) {
    let time = Date.parse('2026-01-30T10:00:00Z')
    const log = await audit({ path: path(), now: () => time })
    for (let at = 0; at < count; at++) {
      if (at > 0 && at % 4 === 0) time += day
      await log.record({ type: 'TRANSFER', users: [`u${at % 3}`], data: { amount: `${at}` }, entry: at + 1 })
    }
    return log
  }

  it('is a file a day, asked by user and by day', async () => {
    const log = await written()
    await log.record({ type: 'LOGIN', users: ['u1', '../../etc/passwd'] })
    expect(await log.listAuditDates()).to.deep.equal(['2026-01-30', '2026-01-31', '2026-02-01'])
    expect(await log.getUserLogs('u1')).to.have.length(5)
    expect(await log.getUserLogs('../../etc/passwd')).to.have.length(1)
    expect(
      (await log.getUserLogs('u1', { from: '2026-01-31', to: '2026-01-31' })).map(({ data }) => data),
    ).to.deep.equal([{ amount: '4' }, { amount: '7' }])
    expect(await log.getAuditLogs('2026-02-01')).to.have.length(4)
    expect(await log.getSystemLogs('2026-02-01')).to.have.length(5)
    expect(await log.getAuditLogs()).to.have.length(12)
    await log.close()
    expect(files.names()).to.deep.equal(['audit'])
    expect(readdirSync(path()).sort()).to.deep.equal([
      '2026-01-30.log',
      '2026-01-31.log',
      '2026-02-01.log',
      'head.json',
    ])
    expect(await failure(log.record({ type: 'X' }))).to.equal('InvalidStateError')
  })

  it('goes on where it has ended, and never back in time', async () => {
    await (await written()).close()
    const log = await audit({ path: path(), now: () => Date.parse('2026-01-01T00:00:00Z') })
    expect(log.lastEntry()).to.equal(12)
    await log.record({ type: 'MINT' })
    await log.close()
    expect((await verifyAudit({ path: path() })).problems).to.deep.equal([])
    expect((await verifyAudit({ path: path() })).head.number).to.equal(13)
    expect(readdirSync(path())).to.have.length(4)
  })

  it('belongs to one process at a time', async () => {
    const log = await written(1)
    expect(await failure(audit({ path: path() }))).to.equal('InvalidStateError')
    await log.close()
    await (await audit({ path: path() })).close()
  })

  const seed = newSeed()
  it(`shows whatever is altered, missing, added or moved, SEED=${seed}`, async () => {
    await (await written()).close()
    const chance = random(seed)
    const copy = files.path('copy')
    const names = readdirSync(path()).filter(name => name.endsWith('.log'))
    const all = new Map(names.map(name => [name, readFileSync(join(path(), name), 'utf8').split('\n').slice(0, -1)]))

    async function problemsWith(change: (lines: Map<string, string[]>) => void): Promise<number> {
      rmSync(copy, { recursive: true, force: true })
      cpSync(path(), copy, { recursive: true })
      const lines = new Map(Array.from(all, ([name, each]) => [name, [...each]]))
      change(lines)
      for (const name of names) {
        const left = lines.get(name)
        if (left) writeFileSync(join(copy, name), left.map(line => `${line}\n`).join(''))
        else rmSync(join(copy, name))
      }
      return (await verifyAudit({ path: copy })).problems.length
    }
    expect(await problemsWith(() => {})).to.equal(0)
    for (const name of names) {
      expect(await problemsWith(lines => lines.delete(name)), `without ${name}`).to.be.least(1)
      for (const at of all.get(name)?.keys() ?? []) {
        const line = (lines: Map<string, string[]>) => lines.get(name) as string[]
        expect(await problemsWith(lines => line(lines).splice(at, 1)), `without line ${at}`).to.be.least(1)
        expect(await problemsWith(lines => line(lines).splice(at, 0, line(lines)[at] as string)), 'twice').to.be.least(
          1,
        )
        expect(await problemsWith(lines => void line(lines).reverse()), 'reversed').to.be.least(1)
        const moved = (lines: Map<string, string[]>) => line(lines).unshift(...line(lines).splice(at, 1))
        if (at > 0) expect(await problemsWith(moved), 'moved').to.be.least(1)
        for (let times = 0; times < (process.env.GATE ? 200 : 10); times++) {
          const text = line(all)[at] as string
          const place = chance.below(text.length)
          const other = String.fromCharCode(33 + ((text.charCodeAt(place) - 33 + 1 + chance.below(92)) % 93))
          const altered = text.slice(0, place) + other + text.slice(place + 1)
          const found = await problemsWith(lines => line(lines).splice(at, 1, altered))
          expect(found, `${altered} for ${text}`).to.be.least(1)
        }
      }
    }
    rmSync(join(path(), 'head.json'))
    expect((await verifyAudit({ path: path() })).problems[0]).to.include({ file: 'head.json' })
  }).timeout(process.env.GATE ? 600_000 : 20_000)

  it('shows a line that was forged with a right hash, and a log that was begun anew', async () => {
    const log = await written()
    const receipt = await log.receipt(6)
    await log.close()
    const { head } = await verifyAudit({ path: path() })
    const file = join(path(), '2026-01-31.log')
    const { hashOf } = await import('../../models/persisto/audit/line.js')
    const forged = readFileSync(file, 'utf8').replace(/^(.{64}) (.*"number":6,.*)$/m, (_, __, text: string) => {
      const other = text.replace('"amount":"5"', '"amount":"6"')
      return `${hashOf(other)} ${other}`
    })
    writeFileSync(file, forged)
    expect((await verifyAudit({ path: path() })).problems).to.deep.equal([
      { file: '2026-01-31.log', line: 3, problem: 'the line before was altered, or this one is of another log' },
    ])
    rmSync(path(), { recursive: true })
    await (await written(20)).close()
    expect((await verifyAudit({ path: path() })).ok).to.equal(true)
    // written at other moments, it would be another log: here only the head that was kept is the same
    expect((await verifyAudit({ path: path(), receipts: [head, receipt] })).ok).to.equal(true)
    rmSync(path(), { recursive: true })
    await (await written(5)).close()
    expect((await verifyAudit({ path: path(), receipts: [head, receipt] })).problems).to.have.length(2)
  })

  it('is not opened when lines are missing that were there', async () => {
    await (await written()).close()
    const last = join(path(), '2026-02-01.log')
    const text = readFileSync(last, 'utf8')
    writeFileSync(last, `${text.split('\n').slice(0, -2).join('\n')}\n`)
    expect(await failure(audit({ path: path() }))).to.equal('CorruptError')
    writeFileSync(last, text.replace('TRANSFER', 'TRANSFAR'))
    expect(await failure(audit({ path: path() }))).to.equal('CorruptError')
    writeFileSync(last, text)
    await (await audit({ path: path() })).close()
  })

  it('forgets what a crash has left of a line', async () => {
    await (await written()).close()
    const last = join(path(), '2026-02-01.log')
    for (const torn of ['abc', `${'a'.repeat(64)} {"number":13`, '\0\0\0\0', `${'\0'.repeat(70)}\nabc`]) {
      appendFileSync(last, torn)
      expect((await verifyAudit({ path: path() })).problems.length).to.equal(torn.includes('\n') ? 1 : 0)
      const log = await audit({ path: path(), now: () => Date.parse('2026-02-01T12:00:00Z') })
      await log.record({ type: 'MINT' })
      await log.close()
      expect((await verifyAudit({ path: path() })).problems).to.deep.equal([])
    }
  })

  it('gives receipts that can be checked by themselves', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const log = await audit({ path: path(), key: privateKey })
    const receipt = await log.record({
      type: 'TRANSFER',
      users: ['ada'],
      data: { amount: '5', at: new Date(0), units: 5n },
    })
    await log.close()
    expect(checkReceipt(receipt, { publicKey }))
      .to.have.nested.property('says.data')
      .that.deep.equals({
        amount: '5',
        at: new Date(0),
        units: 5n,
      })
    expect(checkReceipt(receipt).valid).to.equal(true)
    const other = generateKeyPairSync('ed25519').publicKey
    const wrong = [
      checkReceipt({ ...receipt, line: receipt.line.replace('"5"', '"6"') }, { publicKey }),
      checkReceipt(receipt, { publicKey: other }),
      checkReceipt({ hash: receipt.hash, line: receipt.line }, { publicKey }),
      checkReceipt({ ...receipt, signature: 'AAAA' }, { publicKey }),
      checkReceipt({} as never),
    ]
    for (const each of wrong) expect(each.valid).to.equal(false)
    expect(await verifyAudit({ path: path(), receipts: [receipt] })).to.include({ ok: true, lines: 1 })
  })

  it('tells who asked that a line could not be written, and goes on', async () => {
    let full = false
    const fileSystem = {
      ...nodeFileSystem,
      async open(...given: Parameters<typeof nodeFileSystem.open>) {
        const file = await nodeFileSystem.open(...given)
        const write = file.write.bind(file)
        file.write = async (...given) => {
          if (full) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
          return write(...given)
        }
        return file
      },
    }
    mkdirSync(path())
    const log = await audit({ path: path(), fileSystem })
    await log.record({ type: 'A' })
    full = true
    expect(await failure(log.record({ type: 'B' }))).to.equal('QuotaExceededError')
    full = false
    await log.record({ type: 'C' })
    expect((await log.getSystemLogs()).map(({ type, number }) => `${number} ${type}`)).to.deep.equal(['1 A', '2 C'])
    expect((await log.verify()).ok).to.equal(true)
    expect(await failure(log.record({ type: 'D', data: { a: Number.NaN } }))).to.equal('DataCloneError')
    expect(await failure(log.record({} as never))).to.equal('TypeError')
    await log.close()
  })

  it('is not there where there is none', async () => {
    expect(await failure(verifyAudit({ path: files.path('nothing') }))).to.equal('NotFoundError')
    mkdirSync(path())
    expect(await failure(verifyAudit({ path: path() }))).to.equal('NotFoundError')
  })
})
