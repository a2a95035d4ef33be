import { expect } from 'chai'
import { transaction } from '../../lib/transaction.js'
import { Model } from '../../models/model.js'
import { refusal } from '../refusal.js'
import { properties } from './hooks/page.js'
import { issues } from './refusals.js'
import { writable } from './writable.js'

const later = () => new Promise(resolve => setImmediate(resolve))

for (const [name, open] of Object.entries(writable)) {
  for (const asynchronous of [false, true]) {
    describe(`hooks that are ${asynchronous ? 'asynchronous' : 'synchronous'}, over ${name}`, () => {
      function begin() {
        const told: unknown[] = []
        const store = open()
        const Page = Model(store, {
          properties,
          required: ['name', 'slug'],
          beforeSave(object, { previous, method }) {
            const work = () => {
              told.push(['before', method, object.id, previous?.name])
              if (object.name === 'forbidden') throw new Error('this name is refused')
              object.slug = object.name.toLowerCase()
            }
            return asynchronous ? later().then(work) : work()
          },
          async afterSave(page, { previous, method }) {
            if (asynchronous) await later()
            told.push(['after', method, page.id, page.slug, previous?.slug])
          },
          beforeDelete(page, { method }) {
            told.push(['before', method, page.id, page.slug])
            if (page.name === 'Kept') throw new Error('this page stays')
          },
          afterDelete: (page, { method }) => void told.push(['after', method, page.id]),
        })
        const take = () => told.splice(0)
        return { store, Page, take }
      }
      type Given = { name: string; slug: string }
      const given = (name: string, id = 1) => ({ id, name }) as Given & { id: number }

      it('run on every way to the store', async () => {
        const { store, Page, take } = begin()
        const page = await Page.add(given('One'))
        expect(page).to.deep.equal({ id: 1, name: 'One', slug: 'one' })
        expect(take()).to.deep.equal([
          ['before', 'add', 1, undefined],
          ['after', 'add', 1, 'one', undefined],
        ])
        expect((await Page.put(given('Two'))).slug).to.equal('two')
        expect(take()).to.deep.equal([
          ['before', 'put', 1, 'One'],
          ['after', 'put', 1, 'two', 'one'],
        ])
        await page.load()
        page.name = 'Three'
        expect(await page.save()).to.deep.equal({ id: 1, name: 'Three', slug: 'three' })
        await store.put({ id: 1, name: 'Between', slug: 'between' })
        page.name = 'Four'
        await page.save({ ifMatch: '*' })
        const made = new Page(given('New', 2))
        await made.save()
        expect(made.slug).to.equal('new')
        expect(take()).to.deep.equal([
          ['before', 'save', 1, 'Two'],
          ['after', 'save', 1, 'three', 'two'],
          ['before', 'save', 1, 'Between'],
          ['after', 'save', 1, 'four', 'between'],
          ['before', 'save', 2, undefined],
          ['after', 'save', 2, 'new', undefined],
        ])
        await Page.update(1, page => ({ ...page, name: 'Five' }))
        await Page.patch(1, { name: 'Six' })
        await Page.patch(1, [{ op: 'replace', path: '/name', value: 'Seven' }])
        await Page.putAll([given('Eight'), given('Newer', 3)])
        await transaction(Page, tx => tx.putAll([given('Nine')]))
        expect(take().map(each => (each as unknown[]).slice(0, 4))).to.deep.equal([
          ['before', 'update', 1, 'Four'],
          ['after', 'update', 1, 'five'],
          ['before', 'patch', 1, 'Five'],
          ['after', 'patch', 1, 'six'],
          ['before', 'patch', 1, 'Six'],
          ['after', 'patch', 1, 'seven'],
          ['before', 'put', 1, 'Seven'],
          ['before', 'put', 3, undefined],
          ['after', 'put', 1, 'eight'],
          ['after', 'put', 3, 'newer'],
          ['before', 'put', 1, 'Eight'],
          ['after', 'put', 1, 'nine'],
        ])
        expect(await store.get(1)).to.deep.equal({ id: 1, name: 'Nine', slug: 'nine' })
      })

      it('refuse by throwing, before anything is stored', async () => {
        const { store, Page, take } = begin()
        const page = await Page.add(given('One'))
        take()
        page.name = 'forbidden'
        for (const write of [
          () => Page.add(given('forbidden', 2)),
          () => Page.put(given('forbidden')),
          () => page.save(),
          () => Page.update(1, page => ({ ...page, name: 'forbidden' })),
          () => Page.patch(1, { name: 'forbidden' }),
          () => Page.putAll([given('Two', 2), given('forbidden', 3)]),
        ]) {
          expect((await refusal(write)).message).to.include('this name is refused')
        }
        expect(take().filter(each => (each as unknown[])[0] === 'after')).to.deep.equal([])
        expect(await store.count()).to.equal(1)
        expect(await store.get(1)).to.deep.equal({ id: 1, name: 'One', slug: 'one' })
      })

      it('run before the validation, which sees what they have made', async () => {
        const { Page } = begin()
        expect(await issues(() => Page.add(given('')))).to.have.length(1)
        const Odd = Model(open(), {
          properties,
          beforeSave: () => (asynchronous ? later().then(() => ({ name: '' })) : { name: '' }),
        })
        expect((await issues(() => Odd.add({ name: 'x' })))[0]).to.deep.include({
          path: ['name'],
          keyword: 'minLength',
        })
      })

      it('follow the commit of a transaction, in their order, and never an abort', async () => {
        const { Page, take } = begin()
        await transaction(Page, async tx => {
          await tx.add(given('One'))
          await tx.put(given('Two', 2))
          const page = await tx.get(1)
          if (page) page.name = 'Uno'
          await page?.save()
          await tx.delete(2)
          expect(take().map(each => (each as unknown[])[0])).to.deep.equal(['before', 'before', 'before', 'before'])
        })
        expect(take()).to.deep.equal([
          ['after', 'add', 1, 'one', undefined],
          ['after', 'put', 2, 'two', undefined],
          ['after', 'save', 1, 'uno', 'one'],
          ['after', 'delete', 2],
        ])
        await refusal(() =>
          transaction(Page, async tx => {
            await tx.add(given('Three', 3))
            throw new Error('no')
          }),
        )
        expect(take()).to.deep.equal([['before', 'add', 3, undefined]])
      })

      it('run before a delete, which they can refuse, and after it', async () => {
        const { Page, take } = begin()
        await Page.putAll([given('One'), given('Kept', 2), given('Three', 3), given('Four', 4)])
        const page = await Page.get(3)
        take()
        expect(await Page.delete(1)).to.equal(true)
        expect(await Page.delete(1)).to.equal(false)
        expect((await refusal(() => Page.delete(2))).message).to.equal('this page stays')
        expect((await refusal(() => Page.deleteAll('id=ge=2'))).message).to.equal('this page stays')
        expect(await page?.delete()).to.equal(true)
        expect(await Page.deleteAll([4])).to.equal(1)
        expect(take()).to.deep.equal([
          ['before', 'delete', 1, 'one'],
          ['after', 'delete', 1],
          ['before', 'delete', 2, 'kept'],
          ['before', 'delete', 2, 'kept'],
          ['before', 'delete', 3, 'three'],
          ['after', 'delete', 3],
          ['before', 'delete', 4, 'four'],
          ['after', 'delete', 4],
        ])
        expect(await Page.count()).to.equal(1)
      })
    })
  }
}
