import { expect } from 'chai'
import { transaction } from '../../../lib/transaction.js'
import { permissive, restrictive } from '../../../models/facet.js'
import { refused } from '../../refusal.js'
import { all, loose, taskModel } from './tasks.js'

const hiding = { where: 'tenant=1', properties: { secret: { blocked: true } } } as const

for (const store of ['memory', 'sqlite'] as const) {
  describe(`a transaction of a facet (${store})`, () => {
    it('has what the facet opens, but transactions and changes', async () => {
      const tx = await permissive(taskModel(store)).transaction()
      expect(Object.keys(tx)).to.deep.equal([
        ...['get', 'put', 'add', 'delete', 'query', 'count', 'update', 'patch', 'getAll', 'putAll', 'deleteAll'],
        ...['best', 'version', 'commit', 'abort'],
      ])
      expect(Object.isFrozen(tx)).to.equal(true)
      await tx.abort()
      const small = await restrictive(taskModel(store), { methods: ['transaction', 'add'] }).transaction()
      expect(Object.keys(small)).to.deep.equal(['get', 'add', 'query', 'count', 'commit', 'abort'])
      await small.abort()
    })

    it('is closed unless it is opened', () => {
      expect(loose(restrictive(taskModel(store))).transaction).to.equal(undefined)
    })

    it('keeps what is written to itself until it commits', async () => {
      const Task = taskModel(store)
      const seen = permissive(Task, hiding)
      const tx = loose(await seen.transaction())
      const task = await tx.get('a1')
      task.title = 'new'
      await task.save()
      await tx.add({ title: 'added' })
      expect(await tx.count()).to.equal(4)
      expect((await all(tx.query('title=new')))[0])
        .to.include({ id: 'a1' })
        .and.not.have.property('secret')
      // one connection to a database in memory has no view besides
      if (store === 'memory') expect([(await seen.get('a1'))?.title, await seen.count()]).to.deep.equal(['sow', 3])
      await tx.commit()
      expect([(await seen.get('a1'))?.title, await seen.count()]).to.deep.equal(['new', 4])
      await refused(() => task.save(), 'TransactionInactiveError', 'the transaction has ended')
      await refused(() => tx.commit(), 'TransactionInactiveError', 'the transaction has ended')
    })

    it('drops what is written when it aborts', async () => {
      const Task = taskModel(store)
      const tx = loose(await permissive(Task, hiding).transaction())
      await tx.deleteAll('rank=gt=0')
      await tx.update('a1', () => {}).catch(() => {})
      await tx.abort()
      expect(await Task.count()).to.equal(4)
    })

    it('takes part in transaction(facet, work), as a store does', async () => {
      const Task = taskModel(store)
      const seen = permissive(Task, hiding)
      const given = await transaction(seen as never, async (tx: object) => {
        await loose(tx).patch('a1', { rank: 7 })
        return 'done'
      })
      expect([given, (await Task.get('a1'))?.rank]).to.deep.equal(['done', 7])
    })

    it('is not shared by objects: each works with what gave it', async () => {
      const Task = taskModel(store)
      const seen = permissive(Task)
      const outside = loose(await seen.get('a1'))
      const tx = loose(await seen.transaction())
      const inside = await tx.get('a1')
      const { save } = Object.getPrototypeOf(inside)
      await refused(() => save.call(outside), 'TypeError', 'this is not an object of this facet')
      await tx.abort()
      outside.title = 'outside'
      await outside.save()
      expect((await Task.get('a1'))?.title).to.equal('outside')
    })
  })
}
