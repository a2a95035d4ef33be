import { expect } from 'chai'
import { Model, schemaOf } from '../../models/model.js'
import { memory } from '../../stores/memory.js'

describe('a class that extends a model', () => {
  class Person extends Model(memory({ objects: [{ id: 1, name: 'Ada' }] }), {
    properties: { name: String },
    required: ['name'],
  }) {
    static adas() {
      // biome-ignore lint/complexity/noThisInStatic: the class it is called on
      return this.query().eq('name', 'Ada')
    }
    greet() {
      return `hello ${this.name}`
    }
    override save(options?: { ifMatch?: string }) {
      this.name = this.name.trim()
      return super.save(options)
    }
  }
  class Admin extends Person {
    rule() {
      return `${this.greet()}, the ruler`
    }
  }

  it('gives its own instances', async () => {
    const ada = await Person.get(1)
    expect(ada).to.be.instanceOf(Person)
    expect(ada?.greet()).to.equal('hello Ada')
    expect((await Admin.get(1))?.rule()).to.equal('hello Ada, the ruler')
    expect((await Admin.query().first())?.rule()).to.equal('hello Ada, the ruler')
    expect((await Person.adas().one()).greet()).to.equal('hello Ada')
    expect(await Person.get(1)).not.to.be.instanceOf(Admin)
  })

  it('may put something before saving', async () => {
    const bob = new Person({ name: ' Bob ' })
    await bob.save()
    expect((await Person.get(bob.id))?.name).to.equal('Bob')
  })

  it('may have an accessor where others have stored data', async () => {
    class Named extends Person {
      get title() {
        return 'Dr.'
      }
    }
    await Person.put({ id: 7, name: 'Ada', title: 'Countess' } as never)
    expect({ ...(await Named.get(7)) }).to.deep.equal({ id: 7, name: 'Ada', title: 'Countess' })
  })

  it('says its name in errors', () => {
    expect(() => Admin.put({ id: 9, name: 1 as never })).to.throw('Admin 9: name must be a string')
  })

  it('has the schema of the model', () => {
    expect(schemaOf(Admin)).to.equal(schemaOf(Person))
    expect(schemaOf(Person).plain).to.deep.equal({ properties: { name: { type: 'string' } }, required: ['name'] })
    expect(() => schemaOf({})).to.throw(TypeError)
  })

  it('does not run its constructor on what is loaded', async () => {
    class Counted extends Person {
      level = 3
    }
    await Counted.put({ id: 5, name: 'Eve', level: 8 } as never)
    expect((await Counted.get(5)) as object).to.deep.equal({ id: 5, name: 'Eve', level: 8 })
    expect(new Counted({ name: 'new' }).level).to.equal(3)
  })
})
