/** A facet is revoked at every point at which it waits: nothing comes after, and nothing works that it gave. */
import { expect } from 'chai'
import { permissive, revoke } from '../../../models/facet.js'
import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'
import { slow } from '../../../wrappers/slow.js'
import type { Any } from './attack-configurations.js'
import { definition, outcome, people, withoutPlaces } from './attack-world.js'

const runs = process.env.GATE ? 5000 : 500

let turn = () => {}
const store = slow(memory({ objects: people() }), {
  delay: 0,
  async sleep() {
    turn()
  },
})
const model = Model(store as never, definition as never)

/** A facet over a store that takes turns; `at` says at which of them it is revoked; `all`: is all of it tried then? */
async function revokedAt(at: number, all: boolean): Promise<void> {
  let turns = 0
  let armed = false
  let revoked = false
  const late: unknown[] = []
  turn = () => {
    if (!armed || turns++ !== at) return
    revoked = true
    revoke(facet)
  }
  const facet = permissive(model as never, { properties: { email: { writable: false } } } as never) as Any
  const object = await facet.get('m1')
  const cursor = facet.query('age>0')
  const changes = facet.subscribe()
  const iterator = cursor[Symbol.asyncIterator]()
  await iterator.next()
  const tx = await facet.transaction()
  const over = permissive(facet as never, { properties: { email: { writable: false } } } as never) as Any
  await tx.get('m1')
  await tx.commit()
  armed = true
  const uses = [
    () => facet.get('m2'),
    () => object.save(),
    () => cursor.toArray(),
    () => facet.update('m1', (each: Any) => ({ ...each, name: 'u' })),
    () => facet.patch('m2', { name: 'p' }),
    () => over.get('m1'),
    () => facet.count(),
    () => facet.put({ id: 'm3', name: 'x' }),
  ]
  for (const use of uses) {
    const { result } = await outcome(use)
    if (revoked && result !== undefined) late.push(result)
  }
  if (!revoked) revoke(facet)
  if (!all) uses.length = 1
  expect(late).to.deep.equal([])
  for (const use of [
    ...uses,
    () => object.load(),
    () => facet.transaction(),
    () => over.query().toArray(),
    () => tx.get('m1'),
  ]) {
    const { error } = await outcome(use)
    expect(String(error)).to.match(/revoked/)
  }
  // an end would look like that of the list
  for (const iterating of [iterator, changes]) {
    expect(String((await outcome(() => iterating.next())).error)).to.match(/revoked/)
    expect((await outcome(() => iterating.next())).result).to.deep.equal({ value: undefined, done: true })
  }
}

describe('a facet that is revoked', () => {
  withoutPlaces()
  it(`gives nothing more, whenever that is: ${runs} runs`, async function () {
    this.timeout(process.env.GATE ? 3_600_000 : 20_000)
    for (let run = 0; run < runs; run++) await revokedAt(run % 25, run < 100)
  })
})
