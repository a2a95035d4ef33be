import { expect } from 'chai'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { refusal } from '../refusal.js'
import { properties } from './hooks/page.js'
import { issues } from './refusals.js'
import { writable } from './writable.js'

for (const [name, open] of Object.entries(writable)) {
  describe(`a hook, over ${name}`, () => {
    it('that fails afterwards cannot undo the write, and says so', async () => {
      const ran: unknown[] = []
      const cause = new Error('no mail')
      const Page = Model(open(), {
        properties,
        afterSave({ id }) {
          ran.push(id)
          throw cause
        },
        afterDelete() {
          throw cause
        },
      })
      const error = await refusal(() => Page.add({ id: 1, name: 'One' }))
      expect(error).to.deep.include({ name: 'UnknownError', method: 'add', id: 1 })
      expect(error.message).to.equal('1 is stored, but afterSave failed: no mail')
      expect(error.cause).to.equal(cause)
      const page = await Page.get(1)
      if (!page) throw new Error('nothing is stored')
      page.name = 'Two'
      await refusal(() => page.save())
      expect(await Page.get(1)).to.deep.equal({ id: 1, name: 'Two' })
      page.name = 'Three'
      expect(await refusal(() => page.save())).to.have.property('name', 'UnknownError')
      ran.length = 0
      const committed = await refusal(() =>
        transaction(Page, tx =>
          tx.putAll([
            { id: 1, name: 'a' },
            { id: 2, name: 'b' },
          ]),
        ),
      )
      expect(committed.message).to.equal('1 is stored, but afterSave failed: no mail')
      expect(ran).to.deep.equal([1, 2])
      expect(await Page.count()).to.equal(2)
      expect((await refusal(() => Page.delete(1))).message).to.equal('1 is deleted, but afterDelete failed: no mail')
      expect(await Page.count()).to.equal(1)
    })

    it('after a commit gets instances that can be saved, and shares nothing', async () => {
      const store = open()
      const Page = Model(store, {
        properties: { ...properties, tags: { type: 'array', items: String } },
        beforeSave(_, { previous }) {
          previous?.tags?.push('unseen')
        },
        async afterSave(page, { previous }) {
          if (page.name !== 'One') return
          page.tags?.push('seen')
          page.name = 'Two'
          await page.save()
          if (previous) previous.name = 'other'
        },
      })
      const made = await transaction(Page, tx => tx.add({ id: 1, name: 'One', tags: ['a'] }))
      expect(made.tags).to.deep.equal(['a'])
      expect(await store.get(1)).to.deep.equal({ id: 1, name: 'Two', tags: ['a', 'seen'] })
    })

    it('before sees what is transient, and not what is blocked; what is read-only stays', async () => {
      const store = open()
      await store.put({ id: 1, name: 'x', secret: 's', made: 'now' })
      const seen: unknown[] = []
      const Page = Model(store, {
        properties: { ...properties, secret: { blocked: true }, made: { readonly: true } },
        beforeSave(object, { previous }) {
          seen.push({ ...object }, { ...previous })
          if (object.name === 'late') object.made = 'later'
          if (object.name === 'open') Object.assign(object, { secret: 'y' })
          return { ...object, slug: String(object.hint) }
        },
      })
      const page = await Page.put({ id: 1, name: 'One', hint: () => 7, made: 'now' })
      expect(page.hint).to.be.a('function')
      expect(await store.get(1)).to.deep.equal({ id: 1, name: 'One', made: 'now', secret: 's', slug: '() => 7' })
      expect(seen[1]).to.deep.equal({ id: 1, name: 'x', made: 'now' })
      expect(seen[0]).to.have.property('hint')
      expect((await issues(() => Page.put({ id: 1, name: 'late', made: 'now' })))[0]).to.have.property(
        'keyword',
        'readonly',
      )
      expect((await issues(() => Page.put({ id: 1, name: 'open', made: 'now' })))[0]).to.have.property(
        'keyword',
        'blocked',
      )
    })

    it('before runs again where others came in between', async () => {
      const store = open()
      const previous: unknown[] = []
      const Page = Model(store, {
        properties,
        async beforeSave(object, about) {
          previous.push(about.previous?.name)
          if (previous.length === 1) await store.put({ id: 1, name: 'between' })
          object.slug = String(previous.length)
        },
      })
      await store.put({ id: 1, name: 'first' })
      await Page.put({ id: 1, name: 'last' })
      expect(previous).to.deep.equal(['first', 'between'])
      expect(await store.get(1)).to.deep.equal({ id: 1, name: 'last', slug: '2' })
    })
  })
}

describe('the hooks of a definition', () => {
  it('run after those of what it extends', async () => {
    const order: unknown[] = []
    const hooks = (name: string) => ({
      beforeSave: (object: { name?: string }) => {
        order.push(['before', name])
        return { ...object, name: `${object.name}${name}` }
      },
      afterSave: async (page: { name?: string }) => order.push(['after', name, page.name]),
    })
    const Parent = Model(memory(), { properties, ...hooks('a') } as never) as ReturnType<typeof Model>
    const Child = Model(memory(), { extends: Parent, ...hooks('b') } as never) as ReturnType<typeof Model>
    expect(await Child.put?.({ id: 1, name: 'x' })).to.have.property('name', 'xab')
    expect(order).to.deep.equal([
      ['before', 'a'],
      ['before', 'b'],
      ['after', 'a', 'xab'],
      ['after', 'b', 'xab'],
    ])
  })

  it('must be functions, over a store that tells what was there', () => {
    expect(() => Model(memory(), { beforeSave: 5 } as never)).to.throw(TypeError, 'definition.beforeSave')
    const { get, put, add, delete: remove } = memory()
    const refused = (store: Store, definition: object) => () => Model(store, definition as never)
    expect(refused({ put }, { afterSave() {} })).to.throw('with get')
    expect(refused({ delete: remove }, { beforeDelete() {} })).to.throw('with get')
    expect(refused({ get, put }, { afterSave() {} })).not.to.throw()
    expect(refused({ add }, { beforeSave() {} })).not.to.throw()
  })

  it('leave a model as fast to answer as its store', () => {
    const Page = Model(memory(), {
      properties,
      beforeSave(object) {
        object.slug = 'x'
      },
      afterSave() {},
    })
    expect(Page.add({ id: 1, name: 'One' })).to.have.property('slug', 'x')
  })
})
