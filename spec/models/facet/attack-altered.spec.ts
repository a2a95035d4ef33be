/** A model may store something else than it is given: facets look at that, before it is there to stay. */
import { expect } from 'chai'
import { explainRefusal, permissive } from '../../../models/facet.js'
import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'
import { refused } from '../../refusal.js'
import { outcome } from './attack-world.js'

// biome-ignore lint/suspicious/noExplicitAny: what an attacker does has no types
type Any = any

const make = (over: object, rules: object = {}): Any => permissive(over as never, rules as never)

describe('what a model makes of what it is given', () => {
  const properties = { tenant: { type: 'number' }, name: { type: 'string' } }
  const numbered = { set: (value: unknown) => Number(value) }
  for (const [kind, definition] of Object.entries({
    coercion: { coerce: true, properties },
    'a hook': {
      properties: {},
      beforeSave: (object: Any) => void Object.assign(object, { tenant: Number(object.tenant) }),
    },
    'a setter': { properties: { ...properties, tenant: numbered } },
    'a handler': {
      properties: {},
      put: (object: Any, options: Any, inner: Any) => inner.put({ ...object, tenant: 2 }, options),
    },
  })) {
    it(`is no way past the rules: by ${kind}`, async () => {
      const below = memory()
      const Task = Model(below, definition as never) as Any
      await below.put({ id: 1, tenant: 1 })
      const held = make(Task, { where: 'tenant!=2', reveals: ['id'] })
      const allowing = make(Task, { allowed: (_: unknown, { tenant }: Any) => tenant !== 2, reveals: ['id'] })
      for (const facet of [
        held,
        make(held, { reveals: ['id'] }),
        allowing,
        make(Task, { properties: { tenant: { maximum: 1 } } }),
      ]) {
        const writes = [
          (to: Any) => to.put({ id: 1, tenant: '2' }),
          (to: Any) => to.patch(1, { tenant: '2' }),
          (to: Any) => to.putAll([{ id: 2, tenant: '2' }]),
          (to: Any) => kind !== 'a handler' && to.add({ id: 2, tenant: '2' }),
        ]
        for (const write of writes) {
          await outcome(() => write(facet))
          const tx = await facet.transaction()
          await outcome(() => write(tx))
          await outcome(() => tx.commit())
        }
        expect([...below.query()]).to.deep.equal([{ id: 1, tenant: 1 }])
      }
      const fitting = kind === 'a handler' ? [] : [await held.put({ id: 3, tenant: '3' })]
      for (const each of fitting) expect(each.tenant).to.equal(3)
    })
  }
})

it('a store without transactions cannot have that looked at: only where it matters', async () => {
  const { transaction: _, ...below } = memory()
  const Task = Model(below as never, { coerce: true, properties: { tenant: { type: 'number' } } } as never) as Any
  expect((await make(Task).put({ tenant: '2' })).tenant).to.equal(2)
  const error = await refused(() => make(Task, { where: 'tenant!=2' }).add({ tenant: 1 }), 'NotSupportedError')
  expect(explainRefusal(Task, error)?.reason).to.include('needs transactions')
})
