import { expect } from 'chai'
import { explain, introduce } from '../../lib/explain.js'
import type { Data, Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { history } from '../../wrappers/history.js'
import { readonly } from '../../wrappers/readonly.js'
import { revisions } from '../../wrappers/revisions.js'
import { writeBehind } from '../../wrappers/write-behind.js'
import { refused } from '../refusal.js'

describe('revisions: options', () => {
  it('refuses what could not be done', () => {
    for (const property of ['', 'id', '__proto__', 5] as never[])
      expect(() => revisions(memory(), { property })).to.throw(TypeError, 'cannot be shown')
    expect(() => revisions(memory(), { max: 5 })).to.throw(TypeError, 'give store')
    expect(() => revisions(memory(), { store: memory(), max: 0 })).to.throw(TypeError, 'max is')
    const kept = memory()
    expect(() => revisions(kept, { store: kept })).to.throw(TypeError, 'a store of their own')
    const shown = revisions(kept, { property: '_rev' })
    expect(() => revisions(shown, { property: '_rev' })).to.throw(TypeError, 'already')
    expect(Object.keys(revisions(shown))).to.include('revision')
    const { get: _, transaction: __, put, delete: remove, ...rest } = memory()
    expect(() => revisions({ ...rest, put })).to.throw('must have get')
    expect(() => revisions({ delete: remove })).to.throw('must have get, put')
    expect(() => revisions({ ...rest, put, get: _ }, { store: memory() })).to.throw('must have transaction')
    const peered = introduce(memory(), { name: 'replicated', bypassed: true })
    expect(() => revisions(peered)).to.throw('write past revisions')
    expect(() => history(peered, { log: memory() })).to.throw('write past a history')
    expect(Object.keys(revisions({ add: rest.add }))).to.deep.equal(['add'])
  })

  it('is around writeBehind, not inside: who put what is stale would be told too late', async () => {
    for (const counted of [
      revisions(memory(), { property: '_rev' }),
      revisions(memory()),
      readonly(revisions(memory())),
    ])
      await refused(() => writeBehind(counted as Store), 'NotSupportedError', 'put revisions around writeBehind')
    const store = revisions(writeBehind(memory<Data>({ objects: [{ id: 1 }] })), { property: '_rev' })
    await store.put({ id: 1, _rev: 0 })
    await refused(() => store.put({ id: 1, _rev: 0 }), 'PreconditionFailedError')
    await store.close()
  })

  it('says what it is', () => {
    const stack = 'revisions property=_rev\n  memory readonly=false objects=0'
    expect(`${explain(revisions(memory(), { property: '_rev' }))}`).to.equal(stack)
  })

  it('the compiler knows the options, in transactions too, and of no other store', async () => {
    const store = revisions(memory<{ id: number; n?: number }>())
    store.put({ id: 1 })
    store.put({ id: 1 }, { ifRevision: 0, ifMatch: '*' })
    const found: { id: number; n?: number } | undefined = store.get(1)
    const revision: number | undefined = await store.revision(1)
    expect([found, revision]).to.deep.equal([{ id: 1 }, 1])
    const tx = await store.transaction()
    await tx.put?.({ id: 1 }, { ifRevision: 1 })
    expect(await tx.revision(1)).to.equal(2)
    await tx.delete?.(1, { ifRevision: 2 })
    await tx.abort()
    const seen: number | undefined = await transaction(store, tx => tx.revision(1))
    expect(seen).to.equal(1)
    // @ts-expect-error: nothing earlier is kept
    expect(store.version).to.equal(undefined)
    // @ts-expect-error: it has no revisions
    expect(() => memory().put({ id: 1 }, { ifRevision: 5 })).to.throw('the option ifRevision')
  })
})
