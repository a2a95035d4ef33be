import { expect } from 'chai'
import type { Data, Id, Store } from '../../lib/store.js'
import { type MigrationReport, Model, type Quarantined } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { same } from './same.js'

describe('the types of a model with versions', () => {
  it('know what steps get', () => {
    const Person = Model(memory(), {
      version: 2,
      migrate: {
        1(object) {
          same<typeof object, Data>()
          return object
        },
        2: async ({ name, ...rest }) => (typeof name === 'string' ? { ...rest, given: name } : undefined),
      },
      properties: { given: String },
      required: ['given'],
    })
    same<Parameters<typeof Person.put>[0]['given'], string>()
    Model(memory(), {
      version: 1,
      migrate(object, from) {
        same<typeof object, Data>()
        same<typeof from, number>()
        return object
      },
    })
    // @ts-expect-error: a version is a number
    expect(() => Model(memory(), { version: '1' })).to.throw(TypeError)
    // @ts-expect-error: a step is a function
    expect(() => Model(memory(), { version: 1, migrate: { 1: 'x' } })).to.throw(TypeError)
  })

  it('know what is found', async () => {
    const Person = Model(memory(), { version: 1, properties: { name: String }, prototype: { shout: () => 'hey' } })
    const report = await Person.migrate({ dryRun: true, batch: 10, progress: ({ done, total }) => done + total })
    same<typeof report, MigrationReport>()
    same<(typeof report.quarantined)[number]['id'], Id>()
    for await (const found of Person.quarantined()) {
      same<typeof found extends Quarantined ? true : false, true>()
      const mended = await found.mend({})
      same<typeof mended.name, string | undefined>()
      mended.shout()
    }
    // @ts-expect-error: there is no such option
    await Person.migrate({ dry: true })
  })

  it('leave out what the store cannot do', () => {
    const Written = Model({ put: () => 1 }, { properties: { name: String } })
    // @ts-expect-error: it cannot be read
    expect([Written.migrate, Written.quarantined]).to.deep.equal([undefined, undefined])
    const perhaps: Store = memory()
    const Perhaps = Model(perhaps, { properties: { name: String } })
    same<undefined extends typeof Perhaps.migrate ? true : false, true>()
  })
})
