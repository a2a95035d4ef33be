import { expect } from 'chai'
import { facetFor, permissive, restrictive } from '../../../models/facet.js'
import { taskModel } from './tasks.js'

describe('facetFor', () => {
  const Task = taskModel()
  const Admin = permissive(Task)
  const Guest = restrictive(Task, { where: 'tenant=2' })
  interface User {
    readonly admin?: boolean
    readonly tenant?: number
  }
  const choices = [
    (user: User) => user.admin === true && Admin,
    ({ tenant }: User) =>
      tenant === undefined ? undefined : restrictive(Task, { where: 'tenant=$1', parameters: [tenant] }),
    (user: User) => ('tenant' in user ? null : Guest),
  ] as const

  it('gives the first facet that a choice has for the context', async () => {
    expect(facetFor({ admin: true, tenant: 1 }, choices)).to.equal(Admin)
    expect(facetFor({}, choices)).to.equal(Guest)
    const mine = facetFor({ tenant: 1 }, choices)
    expect(await mine?.count()).to.equal(3)
  })

  it('gives none where no choice has one', () => {
    expect(facetFor({ tenant: undefined } as never, choices)).to.equal(undefined)
    expect(facetFor({}, [])).to.equal(undefined)
  })

  it('asks no further, and lets no error pass for a choice', () => {
    const asked: number[] = []
    const choose = (n: number, facet?: object) => () => {
      asked.push(n)
      return facet
    }
    expect(facetFor({}, [choose(1), choose(2, Guest), choose(3, Admin)])).to.equal(Guest)
    expect(asked).to.deep.equal([1, 2])
    const failing = () => {
      throw new Error('who is that')
    }
    expect(() => facetFor({}, [failing, choose(4, Admin)])).to.throw('who is that')
  })
})
