import { expect } from 'chai'
import { etag } from '../../lib/etag.js'
import { transaction } from '../../lib/transaction.js'
import { copy, equal } from '../../lib/value.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { refusal } from '../refusal.js'
import { writable } from './writable.js'

describe('patch', () => {
  const definition = {
    properties: {
      name: { type: 'string', minLength: 1 },
      age: { type: 'integer', minimum: 0 },
      tags: { type: 'array', items: String },
      born: Date,
      size: BigInt,
      photo: Uint8Array,
      made: { type: 'string', readonly: true },
      secret: { type: 'string', blocked: true },
      length: {
        type: 'integer',
        get(this: { name?: unknown }) {
          return String(this.name).length
        },
      },
    },
    required: ['name'],
  } as const
  const ada = {
    id: 1,
    name: 'Ada',
    tags: ['a'],
    born: new Date(5),
    size: 12n,
    photo: new Uint8Array([1, 2]),
    made: 'now',
    secret: 'x',
  }

  for (const [name, open] of Object.entries(writable)) {
    describe(`over ${name}`, () => {
      async function begin() {
        const store = open()
        await store.put(ada)
        return { store, User: Model(store, definition) }
      }

      it('merges an object, and gives the instance', async () => {
        const { store, User } = await begin()
        const user = await User.patch(1, { age: 36, tags: null, photo: new Uint8Array([3]) })
        expect(user.age).to.equal(36)
        user.age = 37
        await user.save()
        const { tags, ...others } = ada
        expect(await store.get(1)).to.deep.equal({ ...others, age: 37, photo: new Uint8Array([3]) })
      })

      it('applies an array, and keeps what JSON has not', async () => {
        const { store, User } = await begin()
        await User.patch(1, [
          { op: 'test', path: '/born', value: new Date(5) },
          { op: 'copy', from: '/born', path: '/since' },
          { op: 'copy', from: '/photo', path: '/small' },
          { op: 'move', from: '/size', path: '/large' },
          { op: 'add', path: '/tags/-', value: 'b' },
        ])
        const { size, ...others } = ada
        expect(await store.get(1)).to.deep.equal({
          ...others,
          tags: ['a', 'b'],
          since: new Date(5),
          small: new Uint8Array([1, 2]),
          large: 12n,
        })
      })

      it('stores all of it or nothing', async () => {
        const { store, User } = await begin()
        const change = { op: 'replace', path: '/name', value: 'Bob' }
        const cycle: Record<string, unknown> = {}
        cycle.more = cycle
        const refused: [object, string, string][] = [
          [[change, { op: 'test', path: '/age', value: 3 }], 'DataError', 'operation 1 of the patch (test "/age")'],
          [[change, { op: 'test', path: '/tags', value: [] }], 'PreconditionFailedError', 'operation 1'],
          [[change, { op: 'add', path: '/age', value: -1 }], 'ValidationError', 'age'],
          [[change, { op: 'remove', path: '/made' }], 'ValidationError', 'made'],
          [[change, { op: 'remove', path: '/id' }], 'DataError', 'id'],
          [[change, { op: 'replace', path: '/id', value: 2 }], 'DataError', 'id'],
          [[{ op: 'replace', path: '', value: [] }], 'DataError', 'no object'],
          [{ name: null }, 'ValidationError', 'name'],
          [{ made: 'then' }, 'ValidationError', 'made'],
          [{ name: () => 1 }, 'DataCloneError', 'name'],
          [cycle, 'DataCloneError', 'cycle'],
        ]
        for (const [patch, kind, text] of refused) {
          const error = await refusal(() => User.patch(1, patch))
          expect(error.name, text).to.equal(kind)
          expect(error.message).to.include(text)
        }
        expect(await refusal(() => User.patch(1, 'x' as never))).to.be.instanceOf(TypeError)
        expect(await refusal(() => User.patch(2, { name: 'x' }))).to.deep.include({
          name: 'NotFoundError',
          method: 'patch',
        })
        expect(await store.get(1)).to.deep.equal(ada)
      })

      it('can neither read, test nor change what is blocked', async () => {
        const { store, User } = await begin()
        for (const op of ['test', 'replace', 'add', 'remove']) {
          const error = await refusal(() => User.patch(1, [{ op, path: '/secret', value: 'x' }]))
          expect(error.name).to.equal(op === 'add' ? 'ValidationError' : 'DataError')
        }
        expect(await refusal(() => User.patch(1, { secret: 'y' }))).to.have.property('name', 'ValidationError')
        for (const op of ['copy', 'move']) {
          expect(await refusal(() => User.patch(1, [{ op, from: '/secret', path: '/name' }]))).to.have.property(
            'name',
            'DataError',
          )
        }
        await User.patch(1, { secret: null, age: 1 })
        await User.patch(1, [{ op: 'replace', path: '', value: { id: 1, name: 'Eve', made: 'now' } }])
        expect(await store.get(1)).to.deep.equal({ id: 1, name: 'Eve', made: 'now', secret: 'x' })
      })

      it('takes ifMatch, of what is seen, and the type that it must be of', async () => {
        const { User } = await begin()
        const seen = await User.get(1)
        if (!seen) throw new Error('nobody')
        const tag = etag({ ...seen })
        await User.patch(1, { age: 1 }, { ifMatch: tag, type: 'application/merge-patch+json' })
        expect(await refusal(() => User.patch(1, { age: 2 }, { ifMatch: tag }))).to.have.property(
          'name',
          'PreconditionFailedError',
        )
        expect(await refusal(() => User.patch(1, [], { type: 'application/merge-patch+json' }))).to.have.property(
          'name',
          'DataError',
        )
        expect(await refusal(() => User.patch(1, {}, { type: 'application/json-patch+json' }))).to.have.property(
          'name',
          'DataError',
        )
        expect((await User.get(1))?.age).to.equal(1)
      })

      it('is applied to what is stored when it is written, and in a transaction', async () => {
        const { User } = await begin()
        const patches = Array.from({ length: 10 }, (_, age) =>
          User.patch(1, [{ op: 'add', path: '/tags/-', value: `${age}` }]),
        )
        await Promise.all(patches)
        expect((await User.get(1))?.tags).to.have.length(11)
        await transaction(User, async tx => {
          await tx.patch(1, { age: 5 })
          expect((await tx.get(1))?.age).to.equal(5)
        })
        expect((await User.get(1))?.age).to.equal(5)
      })

      it('shares nothing with the patch', async () => {
        const { store, User } = await begin()
        const patch = [
          { op: 'add', path: '/list', value: { items: [1] } },
          { op: 'add', path: '/list/items/-', value: 2 },
        ]
        const before = copy(patch)
        await User.patch(1, patch)
        await User.patch(1, patch)
        expect(equal(patch, before)).to.equal(true)
        expect(await store.get(1)).to.deep.include({ list: { items: [1, 2] } })
      })
    })
  }

  it('reads a patch once, before it is applied', async () => {
    const User = Model(memory({ objects: [{ ...ada }] }), definition)
    let reads = 0
    const patch = {
      get age() {
        return reads++ === 0 ? 1 : -1
      },
    }
    expect((await User.patch(1, patch)).age).to.equal(1)
  })
})
