import { expect } from 'chai'
import type { StoreError } from '../../lib/errors.js'
import type { MaybePromise, Store, Transaction } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { type Emit, type ViewDefinition, views } from '../../wrappers/views.js'

interface Thing {
  readonly id: string
  readonly n: number
  readonly list: number[]
  readonly at: Date
  readonly bytes: Uint8Array
}

interface Viewable {
  view(name: string, options?: object): { rows: { id: unknown; value: unknown }[] }
}
type Viewed = Required<Omit<Store, 'transaction'>> &
  Viewable & {
    rebuild(): Promise<void>
    transaction(): MaybePromise<Transaction & Viewable>
  }

const thing = (id: string, n = 1): Thing => ({ id, n, list: [1], at: new Date(7), bytes: Uint8Array.of(1) })
const cycle: unknown[] = []
cycle.push(cycle)
class Unkind {
  get message(): string {
    throw new Error('no message')
  }
}

/** Each is bad for the object `bad` only. `store` is the wrapped store. */
const hostile: Record<string, (thing: Thing, emit: Emit, store: () => Viewed) => unknown> = {
  'throws an error'() {
    throw new Error('bad')
  },
  'throws undefined'() {
    throw undefined
  },
  'throws an error that cannot be shown'() {
    throw Object.setPrototypeOf(new Unkind(), Error.prototype)
  },
  'never ends calling itself': function map(thing, emit, store): unknown {
    return map(thing, emit, store)
  },
  'gives a promise': thing => Promise.resolve(thing),
  'gives a promise that fails': () => Promise.reject(new Error('later')),
  // biome-ignore lint/suspicious/noThenProperty: it is hostile
  'gives something like a promise': () => ({ then: () => {} }),
  'gives what throws when it is looked at': () => ({
    // biome-ignore lint/suspicious/noThenProperty: it is hostile
    get then() {
      throw new Error('do not look')
    },
  }),
  'emits NaN': (_, emit) => emit(Number.NaN),
  'emits a function': (_, emit) => emit('key', () => 1),
  'emits a class instance': (_, emit) => emit(new Unkind()),
  'emits a cycle': (_, emit) => emit(1, cycle),
  'emits a lone surrogate': (_, emit) => emit('\ud800'),
  'emits a symbol': (_, emit) => emit(Symbol('x')),
  'emits half of its rows, then throws'(thing, emit) {
    emit(thing.n)
    throw new Error('half')
  },
  'hides that it emitted what is no value'(_, emit) {
    try {
      emit(Number.NaN)
    } catch {}
  },
  'emits for ever'(_, emit) {
    for (;;) emit(1)
  },
  'changes the object'(thing) {
    ;(thing as { n: number }).n = 9
  },
  'changes what is in the object': thing => thing.list.push(2),
  'adds to the prototype of the object': thing => Object.setPrototypeOf(thing, {}),
  'writes, and hides that it must not'(_, __, store) {
    try {
      store().put(thing('written'))
    } catch {}
  },
  deletes: (thing, _, store) => store().delete(thing.id),
  'begins a transaction': (_, __, store) => store().transaction(),
  'asks a view': (_, __, store) => store().view('good'),
  rebuilds: (_, __, store) => store().rebuild(),
}

describe('views whose map is hostile', () => {
  const good = {
    map: ({ n, at, bytes }: Thing, emit: Emit) => emit(n, [at, bytes]),
  }

  it('are not few', () => expect(Object.keys(hostile).length).to.be.at.least(20))

  for (const [what, map] of Object.entries(hostile)) {
    it(`and ${what}: that view is stale, all else is as it was, until the object is healed`, async () => {
      const inner = memory<Thing, string>({ objects: [thing('a')] })
      const bad = {
        map(thing: Thing, emit: Emit): unknown {
          if (thing.id === 'bad' && thing.n === 1) return map(thing, emit, () => store as unknown as Viewed)
          return emit(thing.n)
        },
      }
      const store: Viewed = await views(inner, { bad, good } as object as Record<string, ViewDefinition<Thing>>)
      expect(store.put(thing('bad'))).to.equal('bad')
      const stale = () => {
        try {
          store.view('bad')
        } catch (error) {
          return error as StoreError
        }
        throw new Error('it is not stale')
      }
      const rowsOfGood = () => store.view('good').rows.map(({ id, value }) => [id, value])
      expect(stale()).to.include({ name: 'InvalidStateError', id: 'bad', method: 'view' })
      expect(stale().message).to.match(/^the view bad is stale: its map failed on bad: /)
      const row = (id: string) => [id, [new Date(7), Uint8Array.of(1)]]
      expect(rowsOfGood()).to.deep.equal([row('a'), row('bad')])
      expect([...inner.query()]).to.deep.equal([thing('a'), thing('bad')])
      // healed in a transaction only
      const tx = await store.transaction()
      await tx.put?.(thing('bad', 2))
      expect(tx.view('bad').rows).to.have.length(2)
      expect(stale().id).to.equal('bad')
      await tx.abort()
      await new Promise(setImmediate)
      await store.rebuild()
      expect(stale().id).to.equal('bad')
      store.put(thing('bad', 2))
      expect(store.view('bad').rows.map(({ id }) => id)).to.deep.equal(['a', 'bad'])
      store.put(thing('bad'))
      expect(stale().id).to.equal('bad')
      store.delete('bad')
      expect(store.view('bad').rows.map(({ id }) => id)).to.deep.equal(['a'])
    })
  }

  it('can be opened over what is bad', async () => {
    const bad = {
      map() {
        throw new Error('bad')
      },
    }
    const store = await views(memory<Thing, string>({ objects: [thing('a')] }), { good, bad })
    expect(store.view('good').rows).to.have.length(1)
    expect(() => store.view('bad')).to.throw('stale')
  })

  it('and keeps emit for later: nothing is emitted any more', async () => {
    let kept: Emit = () => {}
    const store = await views(memory<Thing, string>(), {
      kept: {
        map(thing, emit) {
          kept = emit
          emit(thing.n)
        },
      },
    })
    store.put(thing('a'))
    expect(store.view('kept').rows).to.have.length(1)
    expect(() => kept(5)).to.throw('map has ended')
    expect(store.view('kept').rows).to.have.length(1)
  })

  it('and changes a date or bytes, which cannot be frozen: no other sees it', async () => {
    const spoil = {
      map({ at, bytes }: Thing, emit: Emit) {
        at.setTime(0)
        bytes[0] = 0
        emit(at)
      },
    }
    const store = await views(memory<Thing, string>(), { spoil, good, again: spoil })
    store.put(thing('a'))
    expect(store.view('good').rows[0]?.value).to.deep.equal([new Date(7), Uint8Array.of(1)])
    expect(store.get('a')).to.deep.equal(thing('a'))
    const [row] = store.view('spoil').rows as { key: Date }[]
    row?.key.setTime(99)
    expect(store.view('spoil').rows[0]?.key).to.deep.equal(new Date(0))
  })
})
