import { expect } from 'chai'
import { z } from 'zod'
import type { Id } from '../../lib/store.js'
import { type LazyLive, type Live, type LiveChange, type LiveObject, live } from '../../models/live.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { same } from './same.js'

class Person {
  name = ''
  age = 0
  birthday(): void {
    this.age++
  }
}

describe('the types of live objects', () => {
  it('come from a class', async () => {
    const store = await live(Person, memory({ idProperty: 'name' }), { key: 'name', lookEvery: 0 })
    same<typeof store, Live<Person, Partial<Pick<Person, 'name' | 'age'>>>>()
    const ada = store.add({ name: 'Ada' })
    same<typeof ada, LiveObject<Person>>()
    same<ReturnType<typeof ada.undo>, number>()
    same<ReturnType<typeof ada.changes>, LiveChange[]>()
    // @ts-expect-error a name that the class has not got
    const wrong = () => store.add({ nam: 'Ada' })
    // @ts-expect-error a key that is no property
    const noKey = () => live(Person, memory(), { key: 'id' })
    // @ts-expect-error a value of another type
    const noNumber: Person['age'] = ada.name
    expect([wrong, noKey, noNumber]).to.have.length(3)
    await store.close()
  })

  it('come from a shape, a definition, a schema and a model', async () => {
    const shape = await live({ id: String, n: Number, age: { type: 'integer', default: 7 } }, memory(), {
      lookEvery: 0,
    })
    const one = shape.add({ id: 'x' })
    same<typeof one.n, number | undefined>()
    same<typeof one.age, number>()
    const defined = await live({ properties: { id: String, n: Number }, required: ['n'] }, memory(), { lookEvery: 0 })
    const two = defined.add({ id: 'x', n: 1 })
    same<typeof two.n, number>()
    // @ts-expect-error n is missing
    expect(() => defined.add({ id: 'y' })).to.throw()
    const standard = await live(z.object({ id: z.string(), n: z.number().default(1) }), memory(), { lookEvery: 0 })
    const three = standard.add({ id: 'x' })
    same<typeof three.n, number>()
    const model = Model(memory(), { properties: { id: String }, prototype: { shout: () => 1 } })
    const modelled = await live(model, { lookEvery: 0 })
    const four = modelled.add({ id: 'x' })
    const shouted: number = four.shout()
    expect(shouted).to.equal(1)
    for (const store of [shape, defined, standard, modelled]) await store.close()
  })

  it('say what takes its time when objects are read later', async () => {
    const store = await live({ id: String, n: Number }, memory(), { load: 'lazy', lookEvery: 0 })
    const made = await store.add({ id: 'x' })
    same<ReturnType<typeof store.has>, Promise<boolean>>()
    same<ReturnType<typeof store.get>, Promise<typeof made | undefined>>()
    same<Parameters<LazyLive<Person>['get']>, [key: Id]>()
    // @ts-expect-error it has no size at hand
    expect(store.size).to.equal(undefined)
    await store.close()
  })

  it('leave methods to properties of the same name', async () => {
    const store = await live({ id: String, undo: Number }, memory(), { lookEvery: 0 })
    const made = store.add({ id: 'x' })
    same<typeof made.undo, number | undefined>()
    await store.close()
  })
})
