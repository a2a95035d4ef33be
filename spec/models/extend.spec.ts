import { expect } from 'chai'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'

const Person = Model(memory(), {
  properties: { name: { type: 'string', minLength: 2 }, age: { type: 'integer', minimum: 0 } },
  required: ['name'],
  prototype: {
    greet() {
      return `hello ${this.name}`
    },
  },
  static: {
    youngest() {
      return this.query().sort('age').first()
    },
  },
  links: [{ rel: 'parent', href: '/people/{parentId}' }],
})

describe('extends', () => {
  it('merges properties, requirements, methods and links', async () => {
    const Employee = Model(memory(), {
      extends: Person,
      properties: { salary: { type: 'number' } },
      required: ['salary'],
      prototype: {
        describe() {
          return `${this.greet()}, who has ${this.salary} at ${this.age}`
        },
      },
      links: [{ rel: 'company', href: '/companies/{companyId}' }],
    })
    const ada = await Employee.add({ name: 'Ada', age: 36, salary: 10 })
    expect(ada.describe()).to.equal('hello Ada, who has 10 at 36')
    expect((await Employee.youngest())?.name).to.equal('Ada')
    expect(ada).to.be.instanceOf(Person)
    expect(await Person.count()).to.equal(0)
    expect(Employee.definition.links?.map(({ rel }) => rel)).to.deep.equal(['parent', 'company'])
    // @ts-expect-error: a salary is required
    expect(() => Employee.add({ name: 'Bob' })).to.throw('salary is required')
    // @ts-expect-error: a name is required
    expect(() => Employee.add({ salary: 1 })).to.throw('name is required')
    expect(() => Employee.add({ name: 'B', salary: 1, age: -1 })).to.throw(
      'name must be a string of at least 2 characters',
    )
  })

  it('keeps the constraints of both where both declare a property', () => {
    const Adult = Model(memory(), {
      extends: Person,
      properties: { age: { minimum: 18, readonly: true }, name: { maxLength: 5 } },
      required: ['age'],
    })
    for (const [object, message] of [
      [{ name: 'Ada', age: 17 }, 'age must be a number of at least 18'],
      [{ name: 'A', age: 18 }, 'name must be a string of at least 2'],
      [{ name: 'Augusta', age: 18 }, 'name must be a string of at most 5'],
    ] as const) {
      expect(() => Adult.add(object)).to.throw(message)
    }
    expect(Adult.put({ id: 1, name: 'Ada', age: 18 })).to.have.property('age', 18)
    expect(() => Adult.put({ id: 1, name: 'Ada', age: 19 })).to.throw('age is read-only')
  })

  it('takes what the parent says of the object as a whole, and lets the child declare more', () => {
    const parent = {
      properties: { a: Number, b: Number },
      anyOf: [{ required: ['a'] }, { required: ['b'] }],
      additionalProperties: false,
    } as const
    const Child = Model(memory(), { extends: parent, properties: { c: Number }, anyOf: [{ required: ['c'] }] })
    expect(Child.put({ a: 1, c: 1 })).to.include({ a: 1, c: 1 })
    expect(() => Child.put({ c: 1 })).to.throw('a is required')
    expect(() => Child.put({ a: 1 })).to.throw('c is required')
    expect(() => Child.put({ a: 1, c: 1, d: 1 } as never)).to.throw('d is not declared')
  })

  it('goes on over several generations, definitions and classes', async () => {
    class Admin extends Model(memory(), { extends: Person, properties: { level: Number } }) {
      promote() {
        this.level = (this.level ?? 0) + 1
        return this
      }
    }
    const Root = Model(memory(), { extends: Admin, properties: { key: String } })
    const root = await Root.add({ name: 'Eve', key: 'k' })
    expect(await root.promote().save()).to.deep.equal({ id: root.id, name: 'Eve', key: 'k', level: 1 })
    expect(root.greet()).to.equal('hello Eve')
    expect([root instanceof Root, root instanceof Admin, root instanceof Person]).to.deep.equal([true, true, true])
  })

  it('refuses what clashes', () => {
    expect(() => Model(memory(), { extends: Person, properties: { greet: String } })).to.throw(TypeError, 'greet')
    expect(() => Model(memory(), { extends: { $defs: { a: true } }, $defs: { a: true } })).to.throw(TypeError, '$defs')
    expect(() => Model(memory(), { extends: class {} })).to.throw(TypeError, 'extends')
    const endless: { extends?: object } = {}
    endless.extends = endless
    expect(() => Model(memory(), endless)).to.throw(TypeError, 'itself')
  })

  it('leaves the methods of its store to each', () => {
    const Reader = Model({ get: () => ({ id: 1, name: 'Ada' }) }, { extends: Person })
    expect('put' in Reader).to.equal(false)
    // @ts-expect-error: there is no put
    expect(Reader.put).to.equal(undefined)
  })
})
