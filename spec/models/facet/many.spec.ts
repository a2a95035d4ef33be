import { expect } from 'chai'
import { permissive } from '../../../models/facet.js'
import { refused } from '../../refusal.js'
import { everywhere, loose, taskModel } from './tasks.js'

describe('many at once', () => {
  everywhere('are got in the order of the ids', async ({ Task, within }) => {
    const seen = await within(permissive(Task, { where: 'tenant=1' }))
    const found = await seen.getAll(['a2', 'none', 'b1', 'a1'])
    expect(found.map((each?: { id: string }) => each?.id)).to.deep.equal(['a2', undefined, undefined, 'a1'])
    found[0].title = 'changed'
    await found[0].save()
    await refused(() => seen.getAll('a1'), 'TypeError', 'an array is expected, not a string')
    await refused(() => seen.getAll([{}]), 'TypeError', 'an id is a string or an integer')
  })

  everywhere('are put and deleted as each alone would be', async ({ Task, within, finish }) => {
    const seen = await within(permissive(Task, { where: 'tenant=1', properties: { secret: { blocked: true } } }))
    expect(
      await seen.putAll([
        { id: 'a1', title: 'one' },
        { id: 'a2', title: 'two' },
      ]),
    ).to.deep.equal(['a1', 'a2'])
    expect(await seen.putAll([{ title: 'new' }])).to.have.lengthOf(1)
    await refused(
      () => seen.putAll([{ id: 'a3', title: 'x' }], { ifNoneMatch: '*' }),
      'PreconditionFailedError',
      'at position 0',
    )
    const error = loose(
      await refused(
        () =>
          seen.putAll([
            { id: 'a3', title: 'x' },
            { id: 'a2', title: 5 },
          ]),
        'ValidationError',
        'at position 1',
      ),
    )
    expect(error.issues[0].path).to.deep.equal([1, 'title'])
    expect(await seen.deleteAll(['a1', 'b1', 'none'])).to.equal(1)
    expect(await seen.deleteAll('title=two')).to.equal(1)
    await refused(() => seen.deleteAll('secret=x'), 'NotAllowedError', 'secret cannot be seen here')
    await refused(() => seen.deleteAll('select(id)'), 'DataError')
    await finish()
    expect(await Task.count()).to.equal(3)
    expect(await Task.get('b1')).to.include({ secret: 'q' })
  })

  it('are all put, or none', async () => {
    const Task = taskModel()
    const seen = permissive(Task, { where: 'tenant=1' })
    await refused(
      () =>
        seen.putAll([
          { id: 'a1', title: 'x' },
          { title: 'y', tenant: 2 },
        ]),
      'NotAllowedError',
      'at position 1',
    )
    expect((await Task.get('a1'))?.title).to.equal('sow')
    await refused(() => seen.deleteAll(['a1', 'a2', {} as never]), 'TypeError')
    expect(await Task.count()).to.equal(4)
  })

  it('are asked for only where asking is open, with the limit that is wanted there', async () => {
    const Task = taskModel()
    const blind = permissive(Task, { methods: { query: false } })
    await refused(() => blind.deleteAll('rank=1'), 'TypeError', 'deleteAll takes an array of ids here')
    const limited = permissive(Task, { maxLimit: 1 })
    await refused(() => limited.deleteAll('rank=gt=0'), 'NotAllowedError', 'a query needs a limit here, of at most 1')
    expect(await limited.deleteAll('rank=gt=0&limit(1)')).to.equal(1)
  })

  it('count as many calls as they are', async () => {
    const Task = taskModel()
    const seen = permissive(Task, { rate: { max: 3, ttl: 1000 }, now: () => 0 })
    await seen.getAll(['a1', 'a2'])
    await refused(() => seen.getAll(['a1', 'a2']), 'QuotaExceededError', 'there may be 3 calls in 1000 ms')
  })
})
