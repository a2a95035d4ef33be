/** Parts that fail: a write is whole or not at all, or says which parts have done it. */
import { expect } from 'chai'
import { derive, forward, hide } from '../../lib/derive.js'
import { isStoreError, StoreError } from '../../lib/errors.js'
import type { Data, Store, Transaction } from '../../lib/store.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { aggregate } from '../../wrappers/aggregate.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'

type Call = 'put' | 'delete' | 'commit'
/** The call that fails next: once. */
interface Fault {
  armed?: { readonly part: number; readonly call: Call } | undefined
}
type Objects = Map<string, Data>

const scripts = process.env.GATE ? 5000 : 1000

describe('an aggregate with a part that fails', () => {
  for (const count of [2, 3, 4]) {
    for (let failing = 0; failing < count; failing++) {
      for (const call of ['put', 'commit'] as const) {
        it(`${call} of part ${failing} of ${count}: nothing is done`, async () => {
          const { store, states, fault } = build(memories(count), failing)
          await store.put?.(whole(count, 'old'))
          const before = states()
          for (const write of [() => store.put?.(whole(count, 'new')), () => store.add?.(whole(count, 'new', 'b'))]) {
            fault.armed = { part: failing, call }
            expect(await errorOf(write)).to.include({ name: 'UnknownError', message: `${call} fails` })
            expect(states()).to.deep.equal(before)
          }
          await store.put?.(whole(count, 'new'))
          expect(await store.get?.('a')).to.deep.equal(whole(count, 'new'))
        })
      }
      it(`put of part ${failing} of ${count}, not atomic: the error says what is done`, async () => {
        const { store, states, fault } = build(memories(count), failing, false)
        await store.put?.(whole(count, 'old'))
        fault.armed = { part: failing, call: 'put' }
        const error = await errorOf(() => store.put?.(whole(count, 'new')))
        // the first part comes last
        const done = [...Array(failing === 0 ? count : failing).keys()].slice(1)
        const notDone = [...Array(count).keys()].filter(at => !done.includes(at))
        if (done.length === 0) expect(error.name).to.equal('UnknownError')
        else expect(error).to.deep.include({ name: 'PartialWriteError', status: 500, id: 'a', done })
        if (done.length > 0) expect(new Set(error.notDone)).to.deep.equal(new Set(notDone))
        const newer = states().map(state => Object.values(state.get('a') ?? {}).includes('new'))
        expect(newer.flatMap((is, at) => (is ? [at] : []))).to.deep.equal(done)
      })
      it(`delete of part ${failing} of ${count}, not atomic: what is gone for the first is gone`, async () => {
        const { store, fault } = build(memories(count), failing, false)
        await store.put?.(whole(count, 'old'))
        fault.armed = { part: failing, call: 'delete' }
        const error = await errorOf(() => store.delete?.('a'))
        expect(error.name).to.equal(failing === 0 ? 'UnknownError' : 'PartialWriteError')
        expect(await store.get?.('a')).to.deep.equal(failing === 0 ? whole(count, 'old') : undefined)
        await store.put?.({ id: 'a', p0: 'again' })
        expect(await store.get?.('a')).to.deep.equal({ id: 'a', p0: 'again' })
      })
    }
  }

  const seed = newSeed()
  it(`random scripts on memories, SEED=${seed}`, async () => {
    for (let run = 0; run < scripts; run++) {
      const chance = random(seed + run)
      const count = 2 + chance.below(3)
      const failing = chance.below(count)
      await script(build(memories(count), failing, chance.chance(0.5)), failing, chance)
    }
  })
  it(`random scripts on memory and sqlite, SEED=${seed}`, async () => {
    for (let run = 0; run < scripts / 20; run++) {
      const chance = random(seed + run)
      const stores = [memory(), sqlite({ path: ':memory:' }), memory()]
      await script(build(stores, 1), 1, chance)
      stores[1]?.close()
    }
  })
  const { path, clear } = folder()
  it(`random scripts on memory and jsonFile, SEED=${seed}`, async () => {
    for (let run = 0; run < scripts / 50; run++) {
      const chance = random(seed + run)
      const file = await jsonFile({ path: path() })
      await script(build([file, memory()], 0), 0, chance)
      await file.close()
      clear()
    }
  })
})

interface Built {
  readonly store: Store
  readonly fault: Fault
  readonly atomic: boolean
  readonly count: number
  /** What each part holds. */
  states(): Objects[]
}

function build(stores: readonly Store[], failing: number, atomic = true): Built {
  const fault: Fault = {}
  const parts = stores.map((store, at) => ({
    store: faulty(store, at, fault, at === failing && atomic),
    properties: at === stores.length - 1 ? undefined : [`p${at}`],
  }))
  return {
    store: atomic ? aggregate(parts) : aggregate(parts, { atomic: false }),
    fault,
    atomic,
    count: stores.length,
    states: () => stores.map(stateOf),
  }
}

function stateOf(store: Store): Objects {
  const objects: Objects = new Map()
  for (const id of ['a', 'b', 'c']) {
    const object = store.get?.(id) as Data | undefined
    if (object) objects.set(id, object)
  }
  return objects
}

/** One random write after the other, some in a transaction, many with a fault, and a model of each part. */
async function script({ store, fault, atomic, count, states }: Built, failing: number, chance: Random): Promise<void> {
  let model: Objects[] = Array.from({ length: count }, () => new Map())
  for (let step = 0; step < 5; step++) {
    const inside = atomic && chance.chance(0.4)
    const tx = inside ? ((await store.transaction?.()) as Transaction) : undefined
    let next = model
    for (let left = inside ? 3 : 1; left > 0; left--) {
      const id = chance.pick(['a', 'b', 'c'])
      const object = chance.chance(0.3) ? undefined : randomObject(id, count, chance)
      const call = chance.pick(['put', 'delete', 'commit'] as const)
      const part = call === 'commit' ? failing : chance.below(count)
      fault.armed = chance.chance(0.6) && !(inside && call === 'commit') ? { part, call } : undefined
      const target: Pick<Store, 'put' | 'delete'> = tx ?? store
      const error = await errorOf(() => (object ? target.put?.(object) : target.delete?.(id)))
      next = after(next, id, object, error)
    }
    fault.armed = inside && chance.chance(0.3) ? { part: failing, call: 'commit' } : undefined
    const error = tx && (await errorOf(() => tx.commit()))
    if (error?.name === 'UnknownError') await tx?.abort()
    else model = next
    fault.armed = undefined
    expect(states()).to.deep.equal(model)
    for (const id of ['a', 'b', 'c']) expect(await store.get?.(id)).to.deep.equal(merged(model, id))
  }
}

function after(model: Objects[], id: string, object: Data | undefined, error: StoreError): Objects[] {
  if (error.name === 'UnknownError') return model
  const partial = error.name === 'PartialWriteError'
  return model.map((state, at) => {
    if (partial && !error.done?.includes(at)) return state
    const next = new Map(state)
    next.delete(id)
    if (object && (at === 0 || `p${at}` in object)) next.set(id, pieceOf(object, at))
    return next
  })
}

function pieceOf({ id, ...object }: Data, at: number): Data {
  const name = `p${at}`
  return name in object ? { id, [name]: object[name] } : { id }
}

function merged(model: Objects[], id: string): Data | undefined {
  return model[0]?.has(id) ? Object.assign({}, ...model.map(state => state.get(id))) : undefined
}

const memories = (count: number) => Array.from({ length: count }, () => memory())
const whole = (count: number, value: string, id = 'a'): Data =>
  Object.fromEntries([['id', id], ...Array.from({ length: count }, (_, at) => [`p${at}`, value])])

function randomObject(id: string, count: number, chance: Random): Data {
  const object: Data = { id }
  for (let at = 0; at < count; at++) if (chance.chance(0.6)) object[`p${at}`] = chance.below(5)
  return object
}

/** What was thrown, or an error without a name. */
async function errorOf(work: () => unknown): Promise<StoreError> {
  try {
    await work()
  } catch (error) {
    if (isStoreError(error)) return error
    throw error
  }
  return { name: 'none' } as never
}

/** A part whose calls fail as the fault says. If it is to fail at commit, its transactions cannot prepare. */
function faulty(inner: Store, part: number, fault: Fault, commits: boolean): Store {
  function check(call: Call): void {
    if (fault.armed?.part !== part || fault.armed.call !== call) return
    fault.armed = undefined
    throw new StoreError('UnknownError', `${call} fails`)
  }
  const writes = (target: Pick<Store, 'put' | 'delete'>) => ({
    put(...given: Parameters<NonNullable<Store['put']>>) {
      check('put')
      return target.put?.(...given) as never
    },
    delete(...given: Parameters<NonNullable<Store['delete']>>) {
      check('delete')
      return target.delete?.(...given) as never
    },
  })
  const rest = { get: forward, add: forward, query: forward, count: forward } as const
  return derive(inner, {
    ...rest,
    ...writes(inner),
    subscribe: forward,
    setSchema: forward,
    close: forward,
    async transaction(options) {
      const tx = (await inner.transaction?.(options)) as Transaction
      return derive(tx, {
        ...rest,
        ...writes(tx),
        prepare: commits ? hide : forward,
        abort: forward,
        async commit() {
          check('commit')
          await tx.commit()
        },
      })
    },
  })
}
