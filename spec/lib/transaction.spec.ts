import { expect } from 'chai'
import { derive, forward, hide } from '../../lib/derive.js'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { when } from '../../lib/when.js'
import { memory } from '../../stores/memory.js'
import { forwarded, forwardedInside } from '../forwarded.js'

const nameOf = (error: Error) => error.name

/** A store whose transactions are changed on their way out. */
function withTransactions(
  inner: Store,
  change: Partial<Record<'prepare' | 'commit', () => never>>,
  prepares = true,
): Store {
  return derive(inner, {
    ...forwarded,
    transaction: options =>
      when((inner as Required<Store>).transaction(options), tx =>
        derive(tx, {
          ...forwardedInside,
          prepare: prepares ? (change.prepare ?? forward) : hide,
          commit: change.commit ?? forward,
        }),
      ),
  })
}

describe('transaction over several stores', () => {
  it('commits all', async () => {
    const [a, b] = [memory(), memory()]
    const given = await transaction([a, b], async ([ta, tb]) => {
      await ta.put({ id: 1 })
      await tb.put({ id: 2 })
      return 'done'
    })
    expect([given, a.get(1), b.get(2)]).to.deep.equal(['done', { id: 1 }, { id: 2 }])
  })

  it('aborts all when the work throws', async () => {
    const [a, b] = [memory(), memory()]
    const failure = await transaction([a, b], async ([ta, tb]) => {
      await ta.put({ id: 1 })
      await tb.put({ id: 2 })
      throw new Error('no')
    }).catch(error => error.message)
    expect([failure, a.count(), b.count()]).to.deep.equal(['no', 0, 0])
    a.put({ id: 1 })
    b.put({ id: 1 })
  })

  it('aborts all when one cannot prepare at the end', async () => {
    const [a, b] = [memory(), memory()]
    const failing = withTransactions(b, {
      prepare: () => {
        throw new Error('disk full')
      },
    })
    const failure = await transaction([a, failing], async ([ta, tb]) => {
      await ta.put({ id: 1 })
      await tb.put?.({ id: 2 })
    }).catch(error => error.message)
    expect([failure, a.count(), b.count()]).to.deep.equal(['disk full', 0, 0])
  })

  it('refuses a store whose transactions do not prepare, before anything is written', async () => {
    const [a, b] = [memory(), memory()]
    let worked = false
    const failure = await transaction([withTransactions(a, {}, false), withTransactions(b, {}, false)], () => {
      worked = true
    }).catch(nameOf)
    expect([failure, worked]).to.deep.equal(['NotSupportedError', false])
    expect(await transaction([withTransactions(b, {}, false)], async ([tb]) => tb.put?.({ id: 1 }))).to.equal(1)
  })

  it('one store that does not prepare decides for the others, which are seen with it', async () => {
    const [a, b] = [memory(), memory()]
    const both = async ([ta, tb]: readonly [Pick<Store, 'put'>, Pick<Store, 'put'>]) => {
      await ta.put?.({ id: 1 })
      await tb.put?.({ id: 1 })
    }
    const failing = withTransactions(
      b,
      {
        commit() {
          throw new Error('disk full')
        },
      },
      false,
    )
    expect(await transaction([a, failing], both).catch(error => error.message)).to.equal('disk full')
    expect([a.count(), b.count()]).to.deep.equal([0, 0])
    await transaction([a, withTransactions(b, {}, false)], both)
    expect([a.count(), b.count()]).to.deep.equal([1, 1])
  })

  it('refuses a store without transactions', async () => {
    expect(await transaction([memory(), { get: () => undefined }], () => 1).catch(nameOf)).to.equal('NotSupportedError')
    expect(await transaction({} as Store, () => 1).catch(nameOf)).to.equal('NotSupportedError')
  })

  it('two callers that name the stores in different order do not wait for each other', async () => {
    const [a, b] = [memory(), memory()]
    const move = (from: typeof a, to: typeof a) =>
      transaction([from, to], async ([source, target]) => {
        await null
        await source.put({ id: 1 })
        await target.put({ id: 1 })
      })
    await Promise.all([move(a, b), move(b, a), move(a, b), move(b, a)])
    expect([a.count(), b.count()]).to.deep.equal([1, 1])
  })

  it('one store named twice takes part once', async () => {
    const a = memory()
    await transaction([a, a], async ([one, two]) => {
      await one.put({ id: 1 })
      expect(await two.get(1)).to.deep.equal({ id: 1 })
    })
    expect(a.count()).to.equal(1)
  })

  it('stores on one database share a transaction, and need not prepare', async () => {
    const database = {}
    const shared = memory()
    const sharing = (): Store => ({
      transaction: options => {
        if (!options?.group?.join(database)) return withTransactions(shared, {}, false).transaction?.(options) as never
        return { commit() {}, abort() {}, put: () => 'joined' } as never
      },
    })
    expect(await transaction([sharing(), sharing()], async ([, second]) => second.put?.({}))).to.equal('joined')
  })

  it('a signal that is aborted during the work aborts the transaction', async () => {
    const a = memory()
    const controller = new AbortController()
    const failure = await transaction(
      a,
      async tx => {
        await tx.put({ id: 1 })
        controller.abort(new Error('stop'))
      },
      { signal: controller.signal },
    ).catch(error => error.message)
    expect([failure, a.count()]).to.deep.equal(['stop', 0])
  })
})
