import { isDeepStrictEqual } from 'node:util'
import type { Data } from '../../../lib/store.js'
import type { Write } from '../ledger.js'
import { type Hand, keyOf, lastWrites } from './hands.js'

/**
 * What a cut can do. An object is `lost` if an older one or none is there, or a deleted one is back, and `torn` if
 * there is what nobody wrote; a transaction is `half` if a part is there; stores are `refused` if they cannot be opened
 * or written to.
 */
export const damages = ['lost', 'torn', 'half', 'refused'] as const
export type Damage = (typeof damages)[number]

export interface Finding {
  readonly damage: Damage
  readonly text: string
}

export interface Inspected {
  readonly findings: readonly Finding[]
  /** The steps that are there whole. */
  readonly done: number
}

/** The objects of each store by their ids. */
export type Content = readonly ReadonlyMap<unknown, Data>[]

/** Compares what there is with what a hand has written: so many steps were acknowledged, and one more may be there. */
export function inspect(hand: Hand, acknowledged: number, content: Content): Inspected {
  const { writes, together } = hand.step(acknowledged + 1)
  const before = lastWrites(hand, acknowledged)
  const found = ({ store, id }: Write) => content[store]?.get(id)
  const isThere = (write: Write) => isDeepStrictEqual(found(write), write.object)
  const findings: Finding[] = []

  for (const [key, write] of lastWrites(hand, acknowledged + 1)) {
    const acknowledgedWrite = before.get(key) ?? { ...write, object: undefined }
    if (isThere(write) || isThere(acknowledgedWrite)) continue
    const damage = isOlder(hand, write, found(write)) ? 'lost' : 'torn'
    const expected = shown(acknowledgedWrite.object)
    findings.push({ damage, text: `${key}: there is ${shown(found(write))}, where ${expected} was acknowledged` })
  }
  const changes = writes.filter(each => !isDeepStrictEqual(each.object, before.get(keyOf(each))?.object))
  const there = changes.filter(isThere)
  if (together && findings.length === 0 && there.length > 0 && there.length < changes.length) {
    const text = `step ${acknowledged + 1} of ${hand.name}: there is only ${there.map(keyOf).join(', ')}`
    findings.push({ damage: 'half', text })
  }
  return { findings, done: writes.every(isThere) ? acknowledged + 1 : acknowledged }
}

/** Is it what the hand once wrote there, if only that it was not? */
function isOlder(hand: Hand, write: Write, object: Data | undefined): boolean {
  if (object === undefined) return true
  const once = lastWrites(hand, Number(object.n)).get(keyOf(write))
  return isDeepStrictEqual(object, once?.object)
}

function shown(object: Data | undefined): string {
  return object ? JSON.stringify(object).slice(0, 80) : 'nothing'
}
