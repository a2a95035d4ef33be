import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { transaction } from '../../lib/transaction.js'
import { directory } from '../../stores/directory.js'
import { type Call, type Fault, faulty, newSeed, type Random, random, simulatedDisk } from '../faults/index.js'
import { type Ledger, ledger } from '../faults/ledger.js'
import { closeAll, contentOf, openOn } from '../faults/subject.js'
import { drawStep, runAll, type Step } from '../faults/workload.js'

const runs = process.env.GATE ? 20_000 : 400
const errors = ['ENOSPC', 'EIO', 'EACCES', 'EMFILE', 'EINTR', 'EROFS', 'short', 'one', 'none', 'full'] as const

/** As a directory reads what it needs when it needs it, it may be unable to read while the disk fails. It never reads wrongly. */
describe('directory, when calls fail', () => {
  const seed = newSeed()

  it('an intent that cannot be removed goes before anything else is written', async () => {
    let stuck = true
    const isStuck = ({ name, path }: Call) => stuck && name === 'unlink' && path.endsWith('.holdfast-intent')
    const disk = simulatedDisk()
    const store = await directory({
      path: '/disk/data',
      fileSystem: faulty(disk, call => (isStuck(call) ? 'EIO' : undefined)),
    })
    await transaction(store, async tx => {
      for (const id of ['a', 'b']) await tx.put({ id, n: 1 })
    })
    const error = await Promise.resolve(store.put({ id: 'a', n: 2 })).catch(reason => reason)
    expect(isStoreError(error, 'UnknownError'), String(error)).to.equal(true)
    expect(store.get('a')).to.deep.equal({ id: 'a', n: 1 })
    stuck = false
    await store.put({ id: 'a', n: 3 })
    const after = await directory({ path: '/disk/data', fileSystem: disk.kill() })
    expect(await after.get('a')).to.deep.equal({ id: 'a', n: 3 })
    expect([...disk.image().files.keys()].sort()).to.deep.equal(['/disk/data/a.json', '/disk/data/b.json'])
  })

  it(`${runs} days: what failed is not there, what is read lasts, SEED=${seed}`, async () => {
    for (let run = 0; run < runs; run++) {
      try {
        await day(random(seed + run), run)
      } catch (cause) {
        throw new Error(`SEED=${seed + run}: ${cause}`, { cause })
      }
    }
  }).timeout(600_000)
})

async function day(chance: Random, serial: number): Promise<void> {
  const keep = chance.pick(['all', 'none', 2] as const)
  let failing: { fault: Fault; from: number; lasting: boolean } | undefined
  let calls = 0
  const disk = simulatedDisk()
  const system = faulty(disk, () => {
    if (!failing) return undefined
    calls++
    return calls === failing.from || (failing.lasting && calls > failing.from) ? failing.fault : undefined
  })
  const open = () => openOn(fileSystem => directory({ path: '/disk/data', fileSystem, keep }), system)
  let opened = await open()
  const book = ledger(await contentOf(opened))

  for (let step = 0; step < 8; step++) {
    const lasting = chance.chance(0.2)
    const work = drawWork(chance, serial * 100 + step)
    calls = 0
    failing = { fault: chance.pick(errors), from: 1 + chance.below(25), lasting }
    await runAll(work(opened), book, (error, entry) => {
      if (!isStoreError(error)) throw error
      if (!isStoreError(error, 'OutcomeUnknownError')) entry.failed()
    })
    if (!lasting) failing = undefined
    const read = await contentOf(opened).catch(error => {
      if (!lasting || !isStoreError(error)) throw error
    })
    if (read !== undefined) settle(book, read)
    failing = undefined
    if (chance.chance(0.7)) continue
    if (chance.chance(0.5)) {
      await closeAll(opened)
      opened = await open()
    }
    const content = await contentOf(opened)
    settle(book, content)
    for (const image of disk.crashStates({ names: 'weak', max: 20, random: chance })) {
      const after = await openOn(fileSystem => directory({ path: '/disk/data', fileSystem }), simulatedDisk({ image }))
      expect(await contentOf(after), 'after a power cut').to.equal(content)
      await closeAll(after)
    }
  }
  await closeAll(opened)
  expect([...system.opened], 'files left open').to.deep.equal([])
  expect(system.violations, 'synced again by the descriptor whose sync had failed').to.deep.equal([])
}

function drawWork(chance: Random, serial: number): Exclude<Step, string> {
  const drawn = drawStep(chance, serial)
  return typeof drawn === 'string' ? drawWork(chance, serial) : drawn
}

/** What is read must be possible, and from then on is what there is. */
function settle(book: Ledger, content: string): void {
  expect([...book.afterKill()]).to.include(content)
  book.settle(content)
}
