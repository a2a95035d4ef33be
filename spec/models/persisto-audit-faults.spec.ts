import { expect } from 'chai'
import { audit, type Receipt } from '../../models/persisto/audit.js'
import { type Image, newSeed, random, simulatedDisk } from '../faults/index.js'

const most = process.env.GATE ? 300_000 : 400
const path = '/disk/log'
const start = Date.parse('2026-01-30T23:00:00Z')

/** Records lines, some of them at once, over two days. */
async function work(
  fileSystem: Parameters<typeof audit>[0]['fileSystem'],
  said: (receipt: Receipt) => void,
): Promise<void> {
  let time = start
  const log = await audit({ path, fileSystem, now: () => time })
  for (let round = 0; round < 5; round++) {
    if (round === 3) time += 24 * 3600 * 1000
    const lines = [0, 1].map(at => log.record({ type: 'TRANSFER', users: [`u${at}`], entry: 2 * round + at + 1 }))
    for (const line of lines) said(await line)
  }
  await log.close()
}

describe('persisto: the audit log, when the power is cut', () => {
  const seed = newSeed()

  for (const names of ['ordered', 'weak'] as const) {
    it(`has all that was acknowledged, verifies, and goes on: names ${names}, SEED=${seed}`, async () => {
      const chance = random(seed)
      const cuts: { images: Image[]; acknowledged: string[] }[] = []
      const acknowledged: string[] = []
      let disk: ReturnType<typeof simulatedDisk> | undefined
      disk = simulatedDisk({
        before: () => {
          if (disk) {
            const images = disk.crashStates({ names, max: Math.ceil(most / 300), random: chance })
            cuts.push({ images, acknowledged: [...acknowledged] })
          }
        },
      })
      await work(disk, ({ hash }) => void acknowledged.push(hash))
      expect(acknowledged).to.have.length(10)

      let states = 0
      for (const { images, acknowledged } of cuts) {
        for (const image of images) {
          states++
          const fileSystem = simulatedDisk({ image })
          const log = await audit({ path, fileSystem, now: () => start })
          const after = await log.record({ type: 'MINT' })
          const lines = await log.getAuditLogs()
          const entries = lines.map(({ entry }) => entry)
          expect(entries).to.deep.equal(entries.map((_, at) => at + 1))
          expect(entries.length).to.be.least(acknowledged.length)
          for (const [at, hash] of acknowledged.entries()) {
            const own = lines[at]?.number as number
            expect((await log.receipt(own)).hash).to.equal(hash)
          }
          expect(log.lastEntry()).to.equal(entries.length)
          const { problems, head } = await log.verify()
          expect(problems).to.deep.equal([])
          expect(head.hash).to.equal(after.hash)
          await log.close()
        }
      }
      expect(states).to.be.least(most / 30)
    }).timeout(600_000)
  }
})
