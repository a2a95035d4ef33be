/** A history in the plainest way: a list of everything that happened, looked through from end to end at each question. */
import { isDeepStrictEqual } from 'node:util'
import type { Selection } from '../../../wrappers/history.js'

export type Thing = Record<string, unknown>
export type Things = ReadonlyMap<number, Thing>

export interface Happened {
  readonly id: number
  readonly actor: string
  readonly transaction: number
  readonly previous: Thing | undefined
  readonly next: Thing | undefined
  /** The number of the change that this undoes or does again. */
  readonly undoes?: number
  readonly redoes?: number
}

export interface List {
  readonly happened: readonly Happened[]
  /** What is stored now, and after each of what happened. */
  readonly things: Things
  at(number: number): Things
  /** All or nothing: the name of the error, if it is refused. */
  write(writes: readonly { readonly id: number; readonly next: Thing | undefined }[], actor: string): string | undefined
  turn(direction: 'undo' | 'redo', selection: Selection<number>, actor: string): string | undefined
}

export function list(): List {
  const happened: Happened[] = []
  let things: Things = new Map()

  const rootAt = (place: number) => happened[place]?.undoes ?? happened[place]?.redoes ?? place + 1
  /** Which changes are done, after so much has happened. */
  function doneAfter(length: number): Set<number> {
    const done = new Set<number>()
    for (const [place, { undoes }] of happened.slice(0, length).entries()) {
      if (undoes === undefined) done.add(rootAt(place))
      else done.delete(undoes)
    }
    return done
  }

  function namesAt(place: number): string[] {
    const { previous = {}, next = {} } = happened[place] as Happened
    const names = [...new Set([...Object.keys(previous), ...Object.keys(next)])]
    return names.filter(name => !isDeepStrictEqual(previous[name], next[name]))
  }

  function inTheWay(place: number): boolean {
    const { id, previous, next } = happened[place] as Happened
    const [then, now] = [doneAfter(place + 1), doneAfter(happened.length)]
    return happened.some((other, at) => {
      if (other.id !== id || rootAt(at) === rootAt(place) || then.has(rootAt(at)) === now.has(rootAt(at))) return false
      const whole = !previous || !next || !other.previous || !other.next
      return whole || namesAt(place).some(name => namesAt(at).includes(name))
    })
  }

  function commit(changes: readonly Omit<Happened, 'transaction'>[]): string | undefined {
    const after = new Map(things)
    for (const { id, next } of changes) {
      if (next) after.set(id, next)
      else after.delete(id)
    }
    const unique = [...after.values()].map(({ u }) => u).filter(u => u !== undefined)
    if (new Set(unique).size < unique.length) return 'ConstraintError'
    things = after
    const transaction = happened.length + 1
    for (const change of changes) happened.push({ ...change, transaction })
    return undefined
  }

  /** The places of what a turn would turn back. */
  function chosen(direction: 'undo' | 'redo', { id, actor, transaction }: Selection<number>): number[] {
    const done = doneAfter(happened.length)
    const wanted = (place: number) => done.has(rootAt(place)) === (direction === 'undo')
    const isAbout = (place: number) =>
      (id === undefined || happened[place]?.id === id) && (actor === undefined || happened[place]?.actor === actor)
    const places = [...happened.keys()].filter(place => place === latestOf(rootAt(place)) && wanted(place))
    if (transaction !== undefined) {
      return places.filter(place => {
        const root = rootAt(place) - 1
        return happened[root]?.transaction === transaction && isAbout(root)
      })
    }
    const about = places.filter(isAbout)
    const last = about.at(-1)
    if (last === undefined) return []
    const newest = [...happened.keys()].findLast(place => isAbout(place) && rootAt(place) === place + 1) ?? -1
    if (direction === 'redo' && newest > last) return []
    return about.filter(place => happened[place]?.transaction === happened[last]?.transaction)
  }

  function latestOf(root: number): number {
    return [...happened.keys()].findLast(place => rootAt(place) === root) as number
  }

  return {
    happened,
    get things() {
      return things
    },
    at(number) {
      const then = new Map<number, Thing>()
      for (const { id, next } of happened.slice(0, number)) {
        if (next) then.set(id, next)
        else then.delete(id)
      }
      return then
    },
    write(writes, actor) {
      const net = new Map<number, Thing | undefined>()
      for (const { id, next } of writes)
        if (next || net.get(id) || (!net.has(id) && things.has(id)) || net.has(id)) net.set(id, next)
      const changes = [...net].map(([id, next]) => ({ id, actor, previous: things.get(id), next }))
      return commit(changes.filter(({ previous, next }) => previous || next))
    },
    turn(direction, selection, actor) {
      const places = chosen(direction, selection).sort((a, b) => b - a)
      if (places.some(inTheWay)) return 'PreconditionFailedError'
      const changes = places.map(place => {
        const { id, previous: next } = happened[place] as Happened
        const now = things.get(id)
        const root = rootAt(place)
        const mark = direction === 'undo' ? { undoes: root } : { redoes: root }
        if (!now || !next) return { id, actor, previous: now, next, ...mark }
        const back: Thing = { ...now }
        for (const name of namesAt(place)) {
          if (name in next) back[name] = next[name]
          else delete back[name]
        }
        return { id, actor, previous: now, next: back, ...mark }
      })
      return commit(changes)
    },
  }
}
