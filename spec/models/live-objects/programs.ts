/** Programs of edits, undos, redos, transactions and reopenings, and what they must come to: lists of states. */
import { expect } from 'chai'
import { dirty, type Live, type LiveOptions, live, raw } from '../../../models/live.js'
import type { Random } from '../../oracle/random.js'

export interface Thing {
  id: string
  n?: number
  text?: string
  tags?: string[]
  inner?: { a?: number; list?: { x: number }[] }
  [more: string]: unknown
}

export class ThingClass implements Thing {
  declare id: string;
  [more: string]: unknown
}

type Things = Live<Thing, Thing>

/** All that one object has been, and which of it it is. */
interface Line {
  readonly states: (Thing | undefined)[]
  at: number
}

type Edit = (object: Thing, chance: Random) => void

/** Each is one step, or none where nothing is different. */
const edits: readonly Edit[] = [
  (object, chance) => {
    object.n = chance.below(3)
  },
  (object, chance) => {
    object.text = chance.pick(['', 'x', 'ß€😀'])
  },
  object => {
    delete object.text
  },
  (object, chance) => {
    object.tags = chance.pick([[], ['a'], ['a', 'b']])
  },
  (object, chance) => void object.tags?.push(chance.pick(['a', 'b', 'c'])),
  object => void object.tags?.push('p', 'q'),
  object => void object.tags?.pop(),
  object => void object.tags?.shift(),
  object => void object.tags?.reverse(),
  object => void object.tags?.sort(),
  (object, chance) => void object.tags?.splice(chance.below(3), chance.below(3), 's'),
  (object, chance) => {
    if (object.tags?.length) object.tags[0] = chance.pick(['a', 'z'])
  },
  object => {
    if (object.tags && object.tags.length > 1) object.tags.length = 1
  },
  (object, chance) => {
    object.inner = { a: chance.below(2), list: [] }
  },
  (object, chance) => {
    if (object.inner) object.inner.a = chance.below(4)
  },
  object => {
    if (object.inner) delete object.inner.a
  },
  (object, chance) => void object.inner?.list?.push({ x: chance.below(3) }),
  (object, chance) => {
    const [first] = object.inner?.list ?? []
    if (first) first.x = chance.below(5)
  },
  object => void object.inner?.list?.reverse(),
  (object, chance) => {
    object[`p${chance.below(3)}`] = new Date(chance.below(3))
  },
]

export interface ProgramOptions extends Pick<LiveOptions<Thing>, 'history'> {
  readonly path: string
  readonly steps: number
}

/** Runs one program and compares after every step. */
export async function runProgram(chance: Random, { path, steps, history }: ProgramOptions): Promise<void> {
  const open = () =>
    live(ThingClass, path, { history, durability: 'relaxed', lookEvery: 0 }) as unknown as Promise<Things>
  const keys = ['a', 'b', 'a/b']
  const lines = new Map<string, Line>(keys.map(key => [key, { states: [undefined], at: 0 }]))
  let store = await open()

  const lineOf = (key: string) => lines.get(key) as Line
  const stateOf = (line: Line) => line.states[line.at]
  const took = (line: Line, next: Thing | undefined) => {
    if (same(stateOf(line), next)) return
    line.states.splice(line.at + 1, Infinity, next)
    line.at++
  }

  function change(key: string): void {
    const line = lineOf(key)
    const state = stateOf(line)
    if (!state) {
      store.add({ id: key, n: 0 })
      took(line, { id: key, n: 0 })
      return
    }
    if (chance.chance(0.05)) {
      store.delete(chance.chance(0.5) ? key : (store.get(key) as object))
      took(line, undefined)
      return
    }
    const edit = chance.pick(edits)
    const next = structuredClone(state)
    const seed = chance.below(2 ** 30)
    edit(next, { ...chance, below: end => seed % end, pick: items => items[seed % items.length] as never })
    edit(store.get(key) as Thing, {
      ...chance,
      below: end => seed % end,
      pick: items => items[seed % items.length] as never,
    })
    // what cannot be seen when it happens is seen here
    dirty(store.get(key) as object)
    took(line, next)
  }

  async function transact(): Promise<void> {
    const before = new Map([...lines].map(([key, { states, at }]) => [key, { states: states.slice(), at }]))
    const fails = chance.chance(0.4)
    const work = () => {
      for (let left = 1 + chance.below(5); left > 0; left--) change(chance.pick(keys))
      if (fails) throw new Error('no')
    }
    const done = store.transaction(chance.chance(0.5) ? work : async () => work())
    if (fails) {
      await expectNo(done)
      for (const [key, line] of before) lines.set(key, line)
      return
    }
    await done
    for (const key of keys) {
      const [was, is] = [before.get(key) as Line, lineOf(key)]
      // all of it is one step, also if nothing came of it in the end
      if (is.states.length !== was.states.length || is.at !== was.at) {
        lines.set(key, { states: [...was.states.slice(0, was.at + 1), stateOf(is)], at: was.at + 1 })
      }
    }
  }

  function turn(direction: 'undo' | 'redo'): void {
    const key = chance.pick(keys)
    const line = lineOf(key)
    const count = 1 + chance.below(3)
    const most = direction === 'undo' ? line.at : line.states.length - 1 - line.at
    const turned = Math.min(count, most)
    expect(store[direction](key, count)).to.equal(turned)
    line.at += direction === 'undo' ? -turned : turned
  }

  async function reopen(): Promise<void> {
    await store.close()
    store = await open()
    // a history that is in the file goes with it
    for (const line of history === 'inline' ? lines.values() : []) {
      if (stateOf(line) === undefined) Object.assign(line, { states: [undefined], at: 0 })
    }
  }

  function compare(): void {
    for (const key of keys) {
      const object = store.get(key)
      expect(object && { ...raw(object) }, key).to.deep.equal(stateOf(lineOf(key)))
    }
  }

  for (let step = 0; step < steps; step++) {
    const kind = chance.next()
    if (kind < 0.6) change(chance.pick(keys))
    else if (kind < 0.75) turn('undo')
    else if (kind < 0.87) turn('redo')
    else if (kind < 0.93) await transact()
    else if (kind < 0.97) await store.flush()
    else await reopen()
    compare()
  }
  await reopen()
  compare()
  await store.close()
}

async function expectNo(work: Promise<unknown>): Promise<void> {
  const failed = await work.then(
    () => false,
    () => true,
  )
  expect(failed).to.equal(true)
}

function same(one: unknown, other: unknown): boolean {
  try {
    expect(one).to.deep.equal(other)
    return true
  } catch {
    return false
  }
}
