/** Arguments that are not what they seem: none of the caller's code runs in our turn, and nothing of ours is changed. */
import { expect } from 'chai'
import { permissive, restrictive, revoke } from '../../../models/facet.js'
import type { Any } from './attack-configurations.js'
import { canary, outcome, peopleIn, textOf } from './attack-world.js'
import { hostiles, ran } from './hostile.js'

const mine = {
  where: 'owner=me',
  properties: { ssn: { blocked: true }, card: { blocked: true }, code: { blocked: true }, email: { writable: false } },
  prototype: { tell: false },
  methods: { everything: false, cursor: false, itself: false },
} as const

const facetOf = (model: object) => permissive(model as never, { ...mine, prototype: ['greet'] } as never) as Any

describe('hostile arguments', () => {
  it('run nothing, in any place of any method', async () => {
    const facet = facetOf(peopleIn())
    for (const name of Object.keys(facet)) {
      for (const make of hostiles) {
        for (const place of [0, 1, 2]) {
          const given: unknown[] = ['m1', { name: 'x' }, {}]
          given[place] = make()
          const { result, error } = await outcome(() => facet[name](...given))
          expect(textOf(error)).not.to.include(canary)
          if (result && typeof result === 'object') expect(textOf({ ...result })).not.to.include(canary)
          if (name === 'transaction') await (result as Any)?.abort()
        }
      }
    }
    expect(ran.splice(0).filter(({ by }) => by !== 'a function of his')).to.deep.equal([])
    expect(Object.prototype).not.to.have.property('admin')
    expect(Object.hasOwn(Object.prototype, 'owner')).to.equal(false)
  })

  it('are read once: what a Proxy says later does not count', async () => {
    const facet = facetOf(peopleIn())
    let asked = 0
    const given = new Proxy(
      {},
      {
        ownKeys: () => ['id', 'name'],
        getOwnPropertyDescriptor: (_, name) => ({
          value: name === 'id' ? (asked++ === 0 ? 'm1' : 'y1') : 'x',
          enumerable: true,
          configurable: true,
        }),
      },
    )
    expect((await facet.put(given)).id).to.equal('m1')
    expect(asked).to.equal(1)
  })

  it('of a Proxy that replaces the language and puts it back are refused', async () => {
    const stolen: unknown[] = []
    const facet = facetOf(peopleIn())
    const { includes } = Array.prototype
    const { push } = Array.prototype
    const given = (restore: boolean) =>
      new Proxy(
        {},
        {
          ownKeys() {
            Array.prototype.push = function (this: unknown[], ...items: unknown[]) {
              if (restore) Array.prototype.push = push
              stolen[stolen.length] = this
              return Reflect.apply(push, this, items)
            }
            return ['id']
          },
          getOwnPropertyDescriptor: () => ({ value: 'm1', enumerable: true, configurable: true }),
        },
      )
    for (const restore of [true, false]) {
      for (const work of [
        () => facet.put(given(restore)),
        () => facet.get('m1', given(restore)),
        () => facet.query(given(restore)),
        () => facet.patch('m1', given(restore)),
      ]) {
        const { error } = await outcome(work)
        Array.prototype.push = push
        Array.prototype.includes = includes
        expect(String(error)).to.match(/language has been changed/)
      }
    }
    expect(stolen).to.deep.equal([])
  })

  it('do not reach what is another’s: methods of one on objects of another, or of a revoked one', async () => {
    const model = peopleIn()
    const [one, other] = [
      facetOf(model),
      restrictive(model as never, { methods: { put: true }, reveals: ['email'] } as never) as Any,
    ]
    const [a, b] = [await one.get('m1'), await other.get('m2')]
    for (const name of ['save', 'load', 'delete', 'greet']) {
      const { error } = await outcome(() => a[name].call(b))
      expect(String(error)).to.match(/not an object of this facet/)
      for (const self of [undefined, null, {}, { ...a }, Object.create(a), new Proxy(a, {}), one]) {
        expect((await outcome(() => a[name].call(self))).error).to.be.instanceOf(Error)
      }
    }
    revoke(one)
    for (const name of ['save', 'load', 'delete', 'greet'])
      expect(String((await outcome(() => a[name]())).error)).to.match(/revoked/)
    expect(String((await outcome(() => one.get('m1'))).error)).to.match(/revoked/)
  })

  it('in the functions of a facet over a facet replace nothing that is then used', async () => {
    const inner = facetOf(peopleIn())
    const stolen: unknown[] = []
    const { get, set } = Map.prototype
    const spy = function (this: Map<unknown, unknown>, key: unknown) {
      stolen.push(this)
      return Reflect.apply(get, this, [key])
    }
    const patch = (value?: unknown) => {
      Map.prototype.get = spy as never
      return value
    }
    const hostileRules: object[] = [
      { allowed: () => patch(true) },
      {
        allowed: () =>
          Object.fromEntries([
            [
              'then',
              (done: (yes: boolean) => void) => {
                patch()
                done(true)
              },
            ],
          ]),
      },
      { properties: { name: { get: patch, set: patch }, email: { writable: false } } },
      { methods: { get: () => patch({}) } },
      { now: () => patch(0), expires: 1 },
    ]
    for (const rules of hostileRules) {
      const { result: own } = await outcome(() => permissive(inner, { reveals: ['email'], ...rules } as never))
      Map.prototype.get = get
      for (const work of [
        (on: Any) => on.get('m1'),
        (on: Any) => on.put({ id: 'm1', name: 'n' }),
        (on: Any) => on.count(),
        (on: Any) => on.query().toArray(),
      ]) {
        await outcome(() => work(own))
        Map.prototype.get = get
        Map.prototype.set = set
      }
    }
    const getter = Object.defineProperty({}, 'where', { get: () => patch('age>0'), enumerable: true })
    const { error } = await outcome(() => permissive(inner, getter as never))
    Map.prototype.get = get
    expect(error).to.be.instanceOf(Error)
    expect(
      textOf(stolen.filter(each => each instanceof Map).map(each => [...(each as Map<unknown, unknown>)])),
    ).not.to.include(canary)
  })
})
