/** Ways out of a facet that were found, by the objects that it gives and by what these lead to. */
import { expect } from 'chai'
import { database } from '../../../models/database.js'
import { permissive, restrictive, revoke } from '../../../models/facet.js'
import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'
import { slow } from '../../../wrappers/slow.js'
import { refused } from '../../refusal.js'
import { canary, outcome, textOf } from './attack-world.js'

// biome-ignore lint/suspicious/noExplicitAny: what an attacker does has no types
type Any = any

const make = (over: object, rules: object = {}): Any => permissive(over as never, rules as never)
const narrow = (over: object, rules: object = {}): Any => restrictive(over as never, rules as never)

const hiding = { secret: { blocked: true } }

async function notes(prototype: object = {}) {
  const Note = Model(memory(), { properties: { text: String, secret: String }, prototype } as never) as Any
  await Note.put({ id: 1, text: 'ahoy', secret: canary })
  return Note
}

describe('the objects of a facet', () => {
  for (const [kind, rules] of Object.entries({
    'of the model': { prototype: { tell: true } },
    'of the rules': { prototype: { tell: (): string => `${new Map([['secret', canary]]).size}` } },
  })) {
    it(`run nothing of the holder's within a method ${kind}`, async () => {
      const facet = make(await notes({ tell: async () => '1' }), { ...rules, properties: hiding })
      const { apply } = Reflect
      for (const prepare of [
        (note: object, get: () => unknown) => Object.defineProperty(note, 'id', { get }),
        (note: object, get: () => unknown) => {
          Reflect.deleteProperty(note, 'id')
          Object.setPrototypeOf(note, new Proxy(Object.getPrototypeOf(note), { get }))
        },
      ]) {
        const note = await facet.get(1)
        const { tell } = note
        const seen: unknown[] = []
        prepare(note, () => {
          Reflect.apply = (work: Any, self: Any, args: Any) => {
            seen.push(self)
            Reflect.apply = apply
            return apply(work, self, args)
          }
          return 1
        })
        const { result, error } = await outcome(() => apply(tell, note, []))
        Reflect.apply = apply
        expect(seen).to.deep.equal([])
        expect(error ? String(error) : result).to.match(/an accessor cannot be given|^1$/)
      }
    })
  }

  it('are followed by a link, and called, as they were given, whatever the holder has made of their id', async () => {
    const people = Model(memory(), {
      properties: { id: String, bossId: String },
      links: [{ rel: 'boss', href: '/people/{bossId}' }],
    })
    const db = database({ people })
    for (const [id, bossId] of ['ab', 'bc', 'c-']) await db.people.put({ id: id as string, bossId: bossId as string })
    const facet = make(db.people, { links: { boss: narrow(db.people) } })
    const a = await facet.get('a')
    a.id = 'b'
    expect((await a.link('boss')).id).to.equal('b')
  })

  it('are changed by functions of the rules, also where these fail or answer later', async () => {
    const facet = make(await notes(), {
      prototype: {
        async later(this: Any) {
          await undefined
          this.text = 'later'
          await this.save()
          return this
        },
        fail(this: Any) {
          this.text = 'failed'
          throw new Error()
        },
      },
    })
    const note = await facet.get(1)
    note.text = 'his'
    expect(await note.later()).to.equal(note)
    expect(note.text).to.equal('later')
    note.text = 'saved'
    await note.save()
    await outcome(() => note.fail())
    expect([note.text, (await facet.get(1)).text]).to.deep.equal(['failed', 'saved'])
  })

  it('are those on which a method runs, or none: not what became of them in between', async () => {
    let turn = () => {}
    const below = memory()
    const store = slow(below, { delay: 0, sleep: async () => turn() })
    const ran: unknown[] = []
    const Note = Model(
      store as never,
      {
        properties: { tenant: Number, text: String },
        prototype: {
          look(this: Any) {
            ran.push(this.tenant)
          },
        },
      } as never,
    )
    for (let at = 0; at < 8; at++) {
      await below.put({ id: 1, tenant: 1, text: 'mine' })
      const facet = make(Note, { where: 'tenant=1', prototype: { look: true } })
      const over = make(facet, { where: 'text=mine', prototype: { look: true } })
      for (const note of [await facet.get(1), await over.get(1)]) {
        let turns = 0
        turn = () => void (turns++ === at && below.put({ id: 1, tenant: 2, text: canary }))
        await outcome(() => note.look())
        turn = () => {}
        await below.put({ id: 1, tenant: 1, text: 'mine' })
      }
    }
    expect(ran.length).to.be.greaterThan(8)
    expect(new Set(ran)).to.deep.equal(new Set([1]))
  })
})

describe('what is computed', () => {
  it('is not told as it is stored by an error about that', async () => {
    const store = memory()
    const properties = { name: String, mail: { type: 'string', pattern: '^\\S+$' } }
    const User = Model(store, { properties } as never)
    await store.put({ id: 1, name: 'a', mail: `not valid ${canary}` })
    const facet = make(User, { properties: { mail: { get: () => '…' } } })
    for (const over of [facet, make(facet)]) {
      const error = await refused(() => over.patch(1, { name: 'b' }), 'ValidationError', 'mail is not valid')
      expect(textOf(error)).not.to.include(canary)
      expect(textOf(error.issues)).not.to.include(canary)
    }
  })

  it('by the model, or blocked there, is no condition of a facet: an object does not tell what is stored', () => {
    const User = Model(memory(), { properties: { level: { get: Number }, key: { type: 'string', blocked: true } } })
    expect(() => make(User, { where: 'level=1' })).to.throw(TypeError, 'the model computes level')
    expect(() => make(User, { where: 'or(id=1,key=a)' })).to.throw(TypeError, 'the model blocks key')
  })
})

describe('links of facets', () => {
  async function staff() {
    const db = database({
      teams: Model(memory(), { properties: { id: Number, name: String, tenant: Number } }),
      people: Model(memory(), {
        properties: { id: Number, teamId: Number },
        links: [{ rel: 'team', href: '/teams/{teamId}' }],
      }),
    })
    for (const id of [1, 2, 3]) {
      await db.teams.put({ id, name: `t${id}`, tenant: id % 2 })
      await db.people.put({ id, teamId: id })
    }
    const Teams = narrow(db.teams, { where: 'tenant=1', properties: { tenant: { blocked: true } } })
    return { db, Teams, People: make(db.people, { links: { team: Teams } }) }
  }

  it('are asked through facets of facets, whose conditions the holder may not ask', async () => {
    const { db, Teams, People } = await staff()
    const Some = narrow(Teams, { where: 'name!=t3' })
    const over = make(People, { links: { team: Some } })
    expect([await People.count('rel(team)'), await over.count('rel(team)')]).to.deep.equal([2, 1])
    expect(await over.count('or(rel(team,name=t3),rel(team,name=t2))')).to.equal(0)
    expect(await make(over, { links: { team: narrow(Some) } }).count('rel(team)')).to.equal(1)
    // who has more of the teams learns no more of the people by it
    const wide = make(People, { links: { team: make(db.teams) } })
    expect([await wide.count('rel(team,name=t2)'), await wide.count('rel(team)')]).to.deep.equal([0, 2])
    for (const each of [over, wide]) await refused(() => each.count('rel(team,tenant=0)'), 'NotAllowedError')
  })

  it('lead in a transaction to what is there', async () => {
    const { db } = await staff()
    const Staff = database({
      people: Model(memory(), {
        properties: { id: String, bossId: String },
        links: [{ rel: 'boss', href: '/people/{bossId}' }],
      }),
    }).people
    await Staff.put({ id: 'a', bossId: 'b' })
    const all = make(Staff, { links: { boss: narrow(Staff, { where: 'bossId!=no' }) } })
    const tx = await all.transaction()
    await tx.put({ id: 'b' })
    expect((await (await tx.get('a')).link('boss')).id).to.equal('b')
    await tx.put({ id: 'b', bossId: 'no' })
    expect(await (await tx.get('a')).link('boss')).to.equal(undefined)
    await tx.abort()
    await db.close()
    const replaced = make(Staff, { links: { boss: narrow(Staff, { methods: { get: () => undefined } }) } })
    await Staff.put({ id: 'b' })
    expect(await (await replaced.get('a')).link('boss')).to.equal(undefined)
  })
})

it('a list that is cut off by revoke is not taken for a whole one', async () => {
  const Note = await notes()
  await Note.put({ id: 2, text: 'second' })
  const facet = make(Note)
  const read: unknown[] = []
  await refused(
    async () => {
      for await (const { id } of facet.query()) {
        read.push(id)
        revoke(facet)
      }
    },
    'NotAllowedError',
    'revoked',
  )
  expect(read).to.deep.equal([1])
})
