import { AsyncLocalStorage } from 'node:async_hooks'
import { tracingChannel } from 'node:diagnostics_channel'
import { expect } from 'chai'
import { StoreError } from '../../lib/errors.js'
import { explain } from '../../lib/explain.js'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { slow } from '../../wrappers/slow.js'
import { type TracedCall, type TracedOptions, type Tracer, traced } from '../../wrappers/traced.js'
import { all, refused } from '../conformance/case.js'
import { conforms, everything } from '../conformance/index.js'
import { oracle } from '../oracle/index.js'

const events = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const

/** Listens on a channel of its own. */
function listening(inner: Store = memory(), options: TracedOptions = {}) {
  const told: [event: string, call: TracedCall][] = []
  const name = `test:${Math.random()}`
  const channel = tracingChannel<unknown, TracedCall>(name)
  const listener = Object.fromEntries(
    events.map(event => [event, (call: TracedCall) => void told.push([event, { ...call }])]),
  ) as never
  channel.subscribe(listener)
  const store = traced(inner, { name: 'notes', channel: name, ...options }) as Required<Store>
  return { store, told, channel, stop: () => channel.unsubscribe(listener) }
}

conforms('traced over memory, while nobody listens', {
  open: () => traced(memory()),
  offers: everything,
  ways: ['directly', 'inside'],
})
conforms('traced over sqlite, while somebody listens', {
  open: () => listening(sqlite({ path: ':memory:' }), { tracer: recording().tracer }).store,
  offers: everything,
  ways: ['directly', 'inside'],
})
oracle('traced', () => listening().store, { runs: 2 })

/** A tracer that keeps its spans, with the methods that OpenTelemetry's has. */
function recording() {
  const spans: Record<string, unknown>[] = []
  const tracer: Tracer = {
    startActiveSpan(name, { kind, attributes }, work) {
      const span: Record<string, unknown> = { name, kind, ...attributes }
      return work({
        setAttribute: (key, value) => {
          span[key] = value
        },
        setStatus: status => {
          span.status = status
        },
        recordException: error => {
          span.exception = error
        },
        end: () => spans.push(span),
      })
    },
  }
  return { spans, tracer }
}

describe('traced', () => {
  it('tells of what is answered at once, with ids and numbers and no objects', async () => {
    const { store, told } = listening()
    store.put({ id: 1, secret: 'x' })
    store.add({ id: 2, secret: 'y' })
    store.get(1)
    await all(store, 'id=1')
    store.count('secret=x')
    store.delete(2)
    expect(told.filter(([event]) => event === 'end').map(([, call]) => call)).to.deep.equal([
      { store: 'notes', method: 'put', id: 1 },
      { store: 'notes', method: 'add', id: 2 },
      { store: 'notes', method: 'get', id: 1 },
      { store: 'notes', method: 'query', query: 'id=1', count: 1 },
      { store: 'notes', method: 'count', query: 'secret=x', count: 1 },
      { store: 'notes', method: 'delete', id: 2 },
    ])
    expect(told.map(([event]) => event)).to.deep.equal(Array(6).fill(['start', 'end']).flat())
  })

  it('tells of what takes its time, as tracePromise does', async () => {
    const { store, told } = listening(slow(memory({ objects: [{ id: 1 }, { id: 2 }] }), { delay: 0 }))
    await store.get(1)
    const order = ['start', 'end', 'asyncStart', 'asyncEnd']
    expect(told.map(([event]) => event)).to.deep.equal(order)
    told.length = 0
    for await (const _ of store.query()) break
    expect(told.map(([event, { count }]) => [event, count])).to.deep.equal([
      ['start', undefined],
      ['end', undefined],
      ['asyncStart', 1],
      ['asyncEnd', 1],
    ])
  })

  it('tells of errors, now and later, and of queries that are refused', async () => {
    const { store, told } = listening()
    store.add({ id: 1 })
    told.length = 0
    await refused(() => store.add({ id: 1 }), 'ConstraintError')
    await refused(() => store.query('limit(x)'), 'DataError')
    await refused(() => all(store, 'one()&id=2'), 'NotFoundError')
    expect(told.map(([event, { method, error }]) => [event, method, (error as StoreError)?.name])).to.deep.equal([
      ['start', 'add', undefined],
      ['error', 'add', 'ConstraintError'],
      ['end', 'add', 'ConstraintError'],
      ['start', 'query', undefined],
      ['error', 'query', 'DataError'],
      ['end', 'query', 'DataError'],
      ['start', 'query', undefined],
      ['error', 'query', 'NotFoundError'],
      ['end', 'query', 'NotFoundError'],
    ])
  })

  it('tells of transactions and what is in them, by their number', async () => {
    const { store, told } = listening()
    await transaction(store, tx => tx.put({ id: 1 }))
    await transaction(store, () => Promise.reject(new Error('no'))).catch(() => {})
    const started = told.filter(([event]) => event === 'start').map(([, call]) => [call.method, call.transaction])
    expect(started).to.deep.equal([
      ['transaction', 1],
      ['put', 1],
      ['commit', 1],
      ['transaction', 2],
      ['abort', 2],
    ])
  })

  it('carries what a listener has bound through the call', async () => {
    const { store, channel } = listening(slow(memory(), { delay: 0 }))
    const local = new AsyncLocalStorage<TracedCall>()
    channel.start.bindStore(local, call => call as TracedCall)
    const seen: unknown[] = []
    channel.asyncEnd.subscribe(() => seen.push(local.getStore()?.method))
    await store.get(1)
    expect(seen).to.deep.equal(['get'])
    channel.start.unbindStore(local)

    const asked: unknown[] = []
    const inner = {
      *query() {
        asked.push(local.getStore()?.method)
        yield { id: 1 }
      },
    }
    const other = listening(inner)
    other.channel.start.bindStore(local, call => call as TracedCall)
    expect(await all(other.store)).to.deep.equal([{ id: 1 }])
    expect(asked).to.deep.equal(['query'])
    // or every promise of the specs that follow costs several times as much
    local.disable()
  })

  it('tells no text where it is told not to, and bound values never', async () => {
    const { store, told } = listening(memory(), { text: false })
    await all(store, 'a=secret')
    const other = listening()
    await all(other.store, 'a=$1', { parameters: ['secret'] })
    expect(JSON.stringify([told, other.told])).not.to.include('secret')
    expect(other.told[0]?.[1].query).to.equal('a=$1')
  })

  it('does nothing when nobody listens any more', async () => {
    const { store, told, stop } = listening()
    stop()
    store.put({ id: 1 })
    await all(store)
    await transaction(store, tx => tx.get(1))
    expect(told).to.deep.equal([])
    expect(String(explain(store))).to.match(/^traced name=notes channel=test:.* spans=false\n {2}memory/)
  })

  it('makes spans with the names of the conventions', async () => {
    const { spans, tracer } = recording()
    const store = traced(memory({ objects: [{ id: 1 }] }), { name: 'notes', tracer })
    await all(store, 'id=1')
    await refused(() => store.add({ id: 1 }), 'ConstraintError')
    const common = { kind: 2, 'db.system.name': 'holdfast', 'db.collection.name': 'notes' }
    const [query, { exception, status, ...add } = {}] = spans
    expect(query).to.deep.equal({
      ...common,
      name: 'query notes',
      'db.operation.name': 'query',
      'db.query.text': 'id=1',
      'db.response.returned_rows': 1,
    })
    expect(add).to.deep.equal({
      ...common,
      name: 'add notes',
      'db.operation.name': 'add',
      'error.type': 'ConstraintError',
    })
    expect(exception).to.be.instanceOf(StoreError)
    expect(status).to.deep.equal({ code: 2, message: 'something is already stored under 1' })
  })
})
