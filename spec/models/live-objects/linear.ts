/** Programs of changes to several objects that rename, remove and add each other, undone and done again in the order of time. */
import { expect } from 'chai'
import { memory } from '../../../index.js'
import { live, raw } from '../../../models/live.js'
import type { Random } from '../../oracle/random.js'

class Thing {
  id = ''
  n = 0
  parts: Record<string, { z: number }> = {}
  list: unknown[] = []
}

/** Runs one program, in a directory or in memory, and compares after each step with the state that it must have. */
export async function runLinear(chance: Random, { path, steps }: { path?: string; steps: number }): Promise<void> {
  const open = () => live(Thing, path ?? memory(), { lookEvery: 0, ...(path && { durability: 'relaxed' }) })
  let store = await open()
  for (const id of 'abcd') store.add({ id })
  await store.flush()
  const view = () => JSON.stringify([...store].map(raw).sort((one, other) => (one.id < other.id ? -1 : 1)))
  const states = [view()]
  let at = 0
  const key = () => chance.pick([...'abcdef'])

  const edits: ((object: Thing) => void)[] = [
    object => {
      object.n = chance.below(3)
    },
    object => {
      object.id = key()
    },
    object => void object.list.push({ x: chance.below(3) }, chance.below(3)),
    object => void object.list.unshift({ x: chance.below(3) }),
    object => void object.list.splice(chance.below(2), chance.below(2), [chance.below(3)]),
    object => {
      object.parts[`p${chance.below(2)}`] = { z: chance.below(3) }
    },
    object => void (store.size > 2 && store.delete(object)),
    () => void store.upsert({ id: key(), n: chance.below(4), list: [chance.below(2)] }),
  ]

  function edit(): void {
    try {
      chance.pick(edits)(chance.pick([...store]))
    } catch (error) {
      expect((error as Error).message).to.match(/is taken/)
    }
  }

  async function transact(): Promise<void> {
    const [before, fails, count] = [view(), chance.chance(0.3), 1 + chance.below(5)]
    const done = store.transaction(async () => {
      for (let left = count; left > 0; left--) {
        edit()
        if (chance.chance(0.3)) await null
      }
      if (fails) throw new Error('no')
    })
    const message = await done.then(
      () => 'done',
      error => error.message,
    )
    expect(message).to.equal(fails ? 'no' : 'done')
    if (fails) expect(view()).to.equal(before)
  }

  async function reopen(): Promise<void> {
    await store.close()
    store = await open()
  }

  for (let step = 0; step < steps; step++) {
    const [kind, before] = [chance.next(), store.changes().length]
    if (kind < 0.55) {
      if (kind < 0.4) edit()
      else await transact()
      if (store.changes().length > before) states.splice(++at, Infinity, view())
    } else if (kind < 0.8) {
      if (at > 0) expect(store.undo()).to.be.above(0)
      at = Math.max(0, at - 1)
    } else if (kind < 0.95) {
      expect(store.redo() > 0).to.equal(at < states.length - 1)
      at = Math.min(at + 1, states.length - 1)
    } else if (path && kind < 0.97) await reopen()
    else await store.flush()
    expect(view()).to.equal(states[at])
  }
  if (path) await reopen()
  expect(view()).to.equal(states[at])
  expect(store.problems()).to.deep.equal([])
  await store.close()
}
