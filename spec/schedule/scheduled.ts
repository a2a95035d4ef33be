import { type Decisions, derive, forward } from '../../lib/derive.js'
import type { Id, Store, Transaction } from '../../lib/store.js'
import type { Schedule } from './schedule.js'

/** What goes wrong with a call: the error is thrown before the call is made, or after it has taken effect. */
export interface Fault {
  readonly when: 'before' | 'after'
  readonly error: Error
}

/** Decides about each call, by the name of its method. */
export type Faults = (method: string) => Fault | undefined

type Call = (...args: readonly unknown[]) => unknown

/** A store whose every call waits for its turn twice: before it is made, and before its caller learns what came of it. */
export function scheduled<T extends object, K extends Id>(
  inner: Store<T, K>,
  { turn }: Pick<Schedule, 'turn'>,
  faults: Faults = () => undefined,
): Store<T, K> {
  const inTurn =
    (target: object, method: string): Call =>
    async (...args) => {
      await turn()
      const fault = faults(method)
      if (fault?.when === 'before') throw fault.error
      const [outcome] = await Promise.allSettled([(async () => (target[method as never] as Call)(...args))()])
      await turn()
      if (fault) throw fault.error
      if (outcome.status === 'rejected') throw outcome.reason
      return outcome.value
    }

  const query =
    (target: Pick<Store<T, K>, 'query'>): NonNullable<typeof target.query> =>
    (...args) => ({
      async *[Symbol.asyncIterator]() {
        await turn()
        for await (const each of target.query?.(...args) ?? []) {
          yield each
          await turn()
        }
      },
    })

  const inTurns = (target: object, methods: readonly string[]) =>
    Object.fromEntries(methods.map(method => [method, inTurn(target, method)]))

  const begin = inTurn(inner, 'transaction')
  const transaction: Call = async options => {
    const tx = (await begin(options)) as Transaction<T, K>
    const decisions = { ...inTurns(tx, [...single, 'prepare', 'commit', 'abort']), query: query(tx) }
    return derive(tx, decisions as unknown as Decisions<Transaction<T, K>>)
  }
  const others = { query: query(inner), transaction, subscribe: forward, setSchema: forward, close: forward }
  return derive(inner, { ...inTurns(inner, single), ...others } as unknown as Decisions<Store<T, K>>)
}

const single = ['get', 'put', 'add', 'delete', 'count']
