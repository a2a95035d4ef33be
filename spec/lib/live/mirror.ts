import { expect } from 'chai'
import type { Live, LiveItem } from '../../../lib/live.js'

/** Somebody who reads the steps of a live query, and keeps an array of his own by what they say has changed. */
export interface Mirror {
  readonly objects: readonly unknown[]
  /** How many steps he has read, and how many of them were sets. */
  readonly steps: number
  readonly sets: number
  readonly ended: boolean
  /** Reads all that there is to read. */
  catchUp(): Promise<void>
  leave(): Promise<void>
}

export function mirror(live: Live<unknown>): Mirror {
  const items = live[Symbol.asyncIterator]()
  let objects: unknown[] = []
  let steps = 0
  let sets = 0
  let ended = false
  let reading = false
  let failure: { error: unknown } | undefined

  function read(): void {
    if (reading) return
    reading = true
    items.next().then(
      ({ value, done }) => {
        reading = false
        if (done) ended = true
        else take(value)
      },
      error => {
        failure = { error }
      },
    )
  }

  function take(step: LiveItem<unknown>): void {
    steps++
    if (step.type === 'set') {
      sets++
      objects = [...step.objects]
    } else {
      expect(step.changes).not.to.have.length(0)
      const from = step.changes.flatMap(change => (change.type === 'add' ? [] : [change.from]))
      for (const place of from.sort((a, b) => b - a)) objects.splice(place, 1)
      for (const change of step.changes) if (change.type !== 'remove') objects.splice(change.index, 0, change.object)
    }
    expect(objects.length).to.equal(step.objects.length)
    expect(objects.findIndex((object, at) => object !== step.objects[at])).to.equal(-1)
  }

  return {
    get objects() {
      return objects
    },
    get steps() {
      return steps
    },
    get sets() {
      return sets
    },
    get ended() {
      return ended
    },
    async catchUp() {
      for (let before = -1; before !== steps && !ended; ) {
        before = steps
        read()
        await quiet()
        if (failure) throw failure.error
      }
    },
    async leave() {
      await items.return?.()
    },
  }
}

/** Until every promise that could be settled has been. */
export function quiet(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}
