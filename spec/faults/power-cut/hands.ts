import type { Data } from '../../../lib/store.js'
import type { Write } from '../ledger.js'

/** What is acknowledged at once. */
export interface Step {
  readonly writes: readonly Write[]
  /** In one transaction; else each for itself, at the same time. */
  readonly together?: boolean
}

/** Writes one step after the other, numbered from 1, to objects that no other hand touches. */
export interface Hand {
  readonly name: string
  step(n: number): Step
}

/** The steps within which a hand writes or deletes each of its objects again. */
const cycle = 5

/** Those who write to so many stores at the same time. */
export function hands(stores: number): Hand[] {
  const each = Array.from({ length: stores }, (_, store) => store)
  const single = ['a', 'b', 'c', 'd'].map((name, at) => ({
    name,
    step: (n: number) => ({ writes: [put(at % stores, `${name}${n % cycle}`, n)] }),
  }))
  const transacting = ['this', 'that'].map(name => ({
    name,
    step: (n: number) => ({
      together: true,
      writes: each.flatMap(store => [
        put(store, `${name}${n % cycle}`, n),
        put(store, `${name} last`, n),
        { store, id: `${name}${(n + 2) % cycle}` },
      ]),
    }),
  }))
  return [
    ...single,
    ...transacting,
    { name: 'many', step: n => ({ writes: ['x', 'y', 'z'].map((id, at) => put((n + at) % stores, id, n)) }) },
    { name: 'gone', step: n => ({ writes: [n % 2 ? put(0, 'gone', n) : { store: 0, id: 'gone' }] }) },
  ]
}

function put(store: number, id: string, n: number): Write {
  const object: Data = { id, n, text: `${n} `.repeat((n * 37) % 200) }
  return { store, id, object }
}

/** The last write to each object of a hand that has done so many steps. */
export function lastWrites({ step }: Hand, n: number): Map<string, Write> {
  const last = new Map<string, Write>()
  for (let m = Math.max(1, n - cycle + 1); m <= n; m++)
    for (const write of step(m).writes) last.set(keyOf(write), write)
  return last
}

export function keyOf({ store, id }: Write): string {
  return `${id} of store ${store}`
}
