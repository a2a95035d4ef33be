/** What is replaced in the middle of a call; and what no facet can prevent in a realm that it shares. */
import { expect } from 'chai'
import { permissive } from '../../../models/facet.js'
import { memory } from '../../../stores/memory.js'
import { slow } from '../../../wrappers/slow.js'
import type { Any } from './attack-configurations.js'
import { canary, hiding, outcome, peopleIn, textOf } from './attack-world.js'

const facetOf = (model: object) => permissive(model as never, hiding as never) as Any
const { get } = Map.prototype
const changed = /language has been changed/

/** Replaces `Map.prototype.get` by one that keeps what it is called on. */
function patched(stolen: unknown[]): void {
  Map.prototype.get = function (this: Map<unknown, unknown>, key: unknown) {
    stolen.push(this)
    return Reflect.apply(get, this, [key])
  }
}

describe('a language that is replaced in the middle', () => {
  afterEach(() => {
    Map.prototype.get = get
  })

  it('of an update is noticed when its function comes back', async () => {
    const stolen: unknown[] = []
    const { error } = await outcome(() => facetOf(peopleIn()).update('m1', () => patched(stolen)))
    expect(String(error)).to.match(changed)
    expect(stolen).to.deep.equal([])
  })

  it('stops no clock', async () => {
    const { now } = Date
    let facet: Any
    try {
      Date.now = () => 0
      facet = permissive(peopleIn() as never, { expires: 1000, properties: hiding.properties } as never) as Any
    } finally {
      Date.now = now
    }
    expect(String((await outcome(() => facet.get('m1'))).error)).to.match(/expired/)
  })

  it('of an iteration is noticed at the next item', async () => {
    const stolen: unknown[] = []
    const iterator = facetOf(peopleIn()).query()[Symbol.asyncIterator]()
    await iterator.next()
    patched(stolen)
    const { error } = await outcome(() => iterator.next())
    await outcome(() => iterator.return())
    expect(String(error)).to.match(changed)
    expect(stolen).to.deep.equal([])
  })

  it('by a listener of a signal is not used in the turn of that', async () => {
    const stolen: unknown[] = []
    const aborting = new AbortController()
    aborting.signal.addEventListener('abort', () => patched(stolen))
    const facet = facetOf(peopleIn(slow(memory(), { delay: 1 }) as never))
    const promise = outcome(() => facet.get('m1', { signal: aborting.signal }))
    aborting.abort()
    Map.prototype.get = get
    expect(stolen).to.deep.equal([])
    expect((await promise).result === undefined || !textOf((await promise).result).includes(canary)).to.equal(true)
  })

  it('is shown no error but those that the holder gets', async () => {
    const facet = facetOf(peopleIn())
    const seen: unknown[] = []
    const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')
    Error.prepareStackTrace = (error, sites) => {
      seen.push(error, ...sites.map(site => [site.getThis(), site.getFunction()]))
      return ''
    }
    const { error } = await outcome(() => facet.put({ id: 'y0', ssn: 'x' }))
    const { error: other } = await outcome(() => facet.put({ id: 'm1', age: 'x' }))
    void [(error as Error).stack, (other as Error).stack]
    if (before) Object.defineProperty(Error, 'prepareStackTrace', before)
    else Reflect.deleteProperty(Error, 'prepareStackTrace')
    expect(seen.filter(each => each instanceof Error && each !== error && each !== other)).to.deep.equal([])
    expect(textOf(seen.flat())).not.to.include(canary)
  })
})

describe('what no facet can prevent in a realm that it shares', () => {
  it('a getter in the place of a method that gives the method is found only now and then: by one call of 8192', async () => {
    const facet = facetOf(peopleIn())
    const stolen = new Set<unknown>()
    const before = Object.getOwnPropertyDescriptor(Map.prototype, 'get') as PropertyDescriptor
    let refused = false
    let calls = 0
    try {
      Object.defineProperty(Map.prototype, 'get', {
        get() {
          Set.prototype.add.call(stolen, this)
          return get
        },
        configurable: true,
      })
      while (!refused && calls++ < 8192) refused = (await outcome(() => facet.get('nobody'))).error !== undefined
    } finally {
      Object.defineProperty(Map.prototype, 'get', before)
    }
    expect(refused).to.equal(true)
  })

  it('what runs in a later turn, over a store that answers later, runs in the language as it is then', async () => {
    const facet = facetOf(peopleIn(slow(memory(), { delay: 1 }) as never))
    const stolen: unknown[] = []
    const promise = facet.get('m1')
    patched(stolen)
    const { error, result } = await outcome(() => promise)
    Map.prototype.get = get
    // the store has been seen by what was replaced; the holder is given nothing
    expect(stolen.length).to.be.greaterThan(0)
    expect(result).to.equal(undefined)
    expect(String(error)).to.match(changed)
  })
})
