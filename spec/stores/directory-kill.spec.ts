import { createInterface } from 'node:readline'
import { expect } from 'chai'
import type { Data } from '../../lib/store.js'
import { directory } from '../../stores/directory.js'
import { child, killed, lastNumbers } from '../child.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from './json-file/folder.js'

const rounds = process.env.GATE ? 50 : 8
/** A round takes as long as it takes to start a process. */
const sharedRounds = process.env.GATE ? 50 : 5

describe('directory, killed', () => {
  const { path, names } = folder()
  const seed = newSeed()

  /** The last number that each writer said was acknowledged, when it was killed after so many. */
  async function acknowledged(kill: number, ...given: string[]): Promise<Map<string, number>> {
    return lastNumbers(await killed(child('stores/directory/writer.ts', ...given), { after: kill }))
  }

  /** What is there of one writer: all that it was told, at most one write more, and transactions whole. */
  async function check(
    store: { query(query?: string): unknown },
    own: string,
    numbers: ReadonlyMap<string, number>,
    where: string,
  ): Promise<void> {
    const found = new Map<unknown, Data>()
    for await (const each of store.query() as AsyncIterable<Data>) found.set(each.id, each)
    for (const [id, number] of numbers) expect(found.get(id)?.n, `${where}: ${id}`).to.be.within(number, number + 1)
    const one = found.get(`${own}one`)?.n
    const made = [...found.keys()].filter(id => String(id).startsWith(`${own}new`))
    expect(found.get(`${own}two`)?.n, where).to.equal(one)
    expect(made, where).to.deep.equal(one === undefined ? [] : [`${own}new${one}`])
  }

  async function lane(at: number): Promise<void> {
    const chance = random(seed + at)
    const name = path(`lane${at}`)
    for (let round = 0; round < rounds; round++) {
      const kill = 1 + chance.below(200)
      const where = `SEED=${seed} lane ${at}, round ${round}, killed after ${kill}`
      const numbers = await acknowledged(kill, name, '')
      // every other time the next writer finds things as this one left them
      const store = round % 2 ? await directory({ path: name }) : await directory({ path: name, readonly: true })
      await check(store, '', numbers, where)
      expect(await store.problems()).to.deep.equal([])
      await store.close()
    }
  }

  it(`${3 * rounds} times: nothing acknowledged is lost, transactions are whole, SEED=${seed}`, async () => {
    await Promise.all([0, 1, 2].map(lane))
  }).timeout(300_000)

  it(`${sharedRounds} times while another process writes: the same, and the other goes on, SEED=${seed}`, async () => {
    const chance = random(seed)
    const name = path('both')
    const last = new Map<string, number>()
    const survivor = child('stores/directory/writer.ts', name, 'x', 'shared')
    const reading = (async () => {
      for await (const line of createInterface(survivor.stdout)) {
        const [who = '', number] = line.split(' ')
        last.set(who, Number(number))
      }
    })()
    const mine = await directory({ path: name, shared: true })
    for (let round = 0; round < sharedRounds; round++) {
      const kill = 1 + chance.below(60)
      const where = `SEED=${seed} round ${round}, killed after ${kill}`
      const before = new Map(last)
      await check(mine, 'y', await acknowledged(kill, name, 'y', 'shared'), where)
      for (const [id, number] of before) expect((await mine.get(id))?.n, `${where}: ${id}`).to.be.at.least(number)
    }
    survivor.kill('SIGKILL')
    await reading
    await check(mine, 'x', last, `SEED=${seed} the other`)
    await mine.close()
    const again = await directory({ path: name })
    await check(again, 'x', last, `SEED=${seed} the other, opened again`)
    await again.close()
    expect(names()).to.deep.equal(['both'])
  }).timeout(300_000)
})
