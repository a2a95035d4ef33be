/**
 * The only ways in and out: functions and iterators that take copies, look whether they may still work, do what is asked in one
 * go, and give what they found only if they may still work then.
 */
import type { MaybePromise } from '../../../lib/store.js'
import { isPromise } from '../../../lib/when.js'
import type { Life } from '../life.js'
import { checkRealm, isIntact } from '../realm.js'
import { type About, shown } from '../refusal.js'

export type Method = (...given: never[]) => Promise<unknown>

/** Of an iteration: what to do when it is first asked, for each item, and when it is left. */
export interface Steps {
  begin(): Items
  make(item: unknown): unknown
}

type Items = Iterator<unknown> | AsyncIterator<unknown>

export type Guard = ReturnType<typeof guard>

export function guard(life: Life, about: Omit<About, 'method'>) {
  /**
   * An asynchronous method. `ask` takes copies of what is given, and gives the work; `make` makes of the result what the
   * holder gets.
   */
  function method<R>(
    name: string,
    ask: (first: never, second: never, third: never) => () => MaybePromise<R>,
    make: (result: R) => unknown = result => result,
    enter = life.enter,
  ): Method {
    const told = { ...about, method: name }
    // three are enough, and to spread them would cost more than the rest
    return Object.freeze(async (first: never, second: never, third: never) => {
      try {
        // only an object can answer when it is read, and have done something before it is looked at again
        if (isObject(first) || isObject(second) || isObject(third)) checkRealm()
        const work = ask(first, second, third)
        enter()
        const result = work()
        if (!isPromise(result)) return make(result)
        const late = await result
        life.check()
        return make(late)
      } catch (error) {
        throw shown(error, told)
      }
    })
  }

  /** A method that gives something to ask further, at once. */
  function immediate(name: string, ask: (...given: never[]) => () => object) {
    const told = { ...about, method: name }
    return Object.freeze((...given: never[]) => {
      try {
        checkRealm()
        const work = ask(...given)
        life.check()
        return work()
      } catch (error) {
        throw shown(error, told)
      }
    })
  }

  /** Items, each of which is asked for by the holder, who may have done anything in between. */
  function iterator(name: string, { begin, make }: Steps): AsyncIterableIterator<unknown> {
    const told = { ...about, method: name }
    let items: Items | undefined
    let over = false
    // who asks for more is told why there is none: an end would look like that of the list
    const leave = life.onEnd(() => void stop())

    async function stop(): Promise<void> {
      if (!isIntact()) return
      leave()
      await close(items)
    }

    function end(): Promise<void> {
      over = true
      return stop()
    }

    const own: AsyncIterableIterator<unknown> = {
      async next() {
        if (over) return { value: undefined, done: true }
        try {
          if (items) life.check()
          else {
            life.enter()
            items = begin()
          }
          const result = items.next()
          const { value, done } = isPromise(result) ? await result : result
          life.check()
          if (!done) return { value: make(value), done: false }
          over = true
          leave()
          return { value: undefined, done: true }
        } catch (error) {
          await end()
          throw shown(error, told)
        }
      },
      async return() {
        await end()
        return { value: undefined, done: true }
      },
      [Symbol.asyncIterator]: () => own,
    }
    for (const each of [own.next, own.return, own[Symbol.asyncIterator]]) Object.freeze(each)
    return Object.freeze(own)
  }

  /** All items, in one go where the store answers at once. */
  async function list(name: string, { begin, make }: Steps): Promise<unknown[]> {
    let items: Items | undefined
    try {
      life.enter()
      items = begin()
      const all: unknown[] = []
      for (;;) {
        let result = items.next()
        if (isPromise(result)) {
          result = await result
          life.check()
        }
        if (result.done) return all
        all.push(make(result.value))
      }
    } catch (error) {
      await close(items)
      throw shown(error, { ...about, method: name })
    }
  }

  return { life, about, method, immediate, iterator, list }
}

/** Never fails: it has ended, which is all that the holder wants. */
async function close(items: Items | undefined): Promise<void> {
  if (!isIntact()) return
  try {
    await items?.return?.()
  } catch {}
}

function isObject(given: unknown): boolean {
  return given !== null && (typeof given === 'object' || typeof given === 'function')
}
