/** What the compiler knows of the methods that a configuration generates, each case beside the run that shows the same. */
import { expect } from 'chai'
import { client } from '../../models/persisto/client.js'
import { grant, persisto } from '../../models/persisto.js'
import { memory } from '../../stores/memory.js'

/** Compiles only if both types are the same; `any` is the same as nothing else. */
function same<A, B>(..._: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : [never]): void {}

const db = await persisto({
  strategy: () => memory(),
  types: {
    user: {
      email: 'string',
      age: 'integer',
      born: Date,
      info: 'any',
      role: { enum: ['admin', 'guest'] },
      country: 'string',
    },
    post: { title: 'string', stars: { type: 'integer', default: 0 } },
  },
  required: { user: ['email'] },
  indexes: { user: ['email', { field: 'age', unique: false }] },
  groupings: { users: { type: 'user', by: ['country', 'role'] } },
  relations: { authorship: ['user', 'post'], following: { follower: 'user', followed: 'user' } },
  assets: { agent: ['name'], token: { serial: 'integer' } },
})
type Db = typeof db
type User = Awaited<ReturnType<Db['getUser']>>
type Post = Awaited<ReturnType<Db['getPost']>>

describe('the types of a persisto', () => {
  after(() => db.shutDown())

  it('name a method for each thing that can be done with a type', async () => {
    same<
      User,
      {
        id: string
        email: string
        age?: number | undefined
        born?: Date | undefined
        info?: unknown
        role?: 'admin' | 'guest' | undefined
        country?: string | undefined
        post?: string[] | undefined
        follower?: string[] | undefined
        followed?: string[] | undefined
      }
    >()
    same<Post, { id: string; title?: string | undefined; stars: number; user?: string[] | undefined }>()
    const user: User = await db.createUser({ email: 'ada@example.org', role: 'admin', age: 36 })
    expect(await db.getUser(user.id)).to.deep.equal(user)
    expect(await db.updateUser(user.id, { country: 'NO' })).to.include({ country: 'NO', role: 'admin' })
    same<ReturnType<Db['hasUser']>, Promise<boolean>>()
    same<ReturnType<Db['getEveryUser']>, Promise<string[]>>()
    same<ReturnType<Db['getEveryUserObject']>, Promise<User[]>>()
    const objects = await db.getEveryUserObject(['country', { field: 'age', descending: true }], 0, 10)
    expect(objects).to.have.length(1)
  })

  it('know indexes, groupings and relations, and what they lead to', async () => {
    same<ReturnType<Db['getUserByEmail']>, Promise<User | undefined>>()
    same<Parameters<Db['getUserByEmail']>, [value: string]>()
    same<ReturnType<Db['getEveryUserByAge']>, Promise<User[]>>()
    same<ReturnType<Db['getEveryUserAge']>, Promise<number[]>>()
    same<Parameters<Db['setAgeForUser']>, [idOrKey: string, value: number]>()
    same<ReturnType<Db['getUsersByCountry']>, Promise<string[]>>()
    same<ReturnType<Db['getUsersObjectsByRole']>, Promise<User[]>>()
    same<Parameters<Db['getUsersByRole']>, [value: 'admin' | 'guest']>()
    same<ReturnType<Db['getPostsFromAuthorshipWithUser']>, Promise<Post[]>>()
    same<ReturnType<Db['getUsersFromAuthorshipWithPost']>, Promise<User[]>>()
    same<ReturnType<Db['getFollowersFromFollowingWithFollowed']>, Promise<User[]>>()
    same<ReturnType<Db['getFollowedIdsFromFollowingWithFollower']>, Promise<string[]>>()
    same<ReturnType<Db['removePostFromAuthorshipUser']>, Promise<boolean>>()
    same<ReturnType<Db['addFollowerToFollowingFollowed']>, Promise<void>>()
    const [user] = await db.getUsersObjectsByCountry('NO')
    const post = await db.createPost({ title: 'Kelp', user: [user?.id ?? ''] })
    expect(await db.getPostsFromAuthorshipWithUser(user?.id ?? '')).to.deep.equal([post])
  })

  it('know assets', () => {
    type Agent = Awaited<ReturnType<Db['getAgent']>>
    same<Agent['availableBalance'], string>()
    same<Agent['name'], unknown>()
    same<Parameters<Db['setTokenSerial']>[1], number | undefined>()
    same<ReturnType<Db['getBalance']>, Promise<string>>()
  })

  it('type what is selected by', async () => {
    const { objects } = await db.select(
      'user',
      { age: { $gte: 18 }, $or: [{ role: 'admin' }, { 'info.a': 1 }] },
      { sortBy: 'age' },
    )
    same<typeof objects, User[]>()
    expect(objects).to.have.length(1)
  })

  it('do not know what is not there', async () => {
    // @ts-expect-error: misspelt
    expect(db.createUsr).to.equal(undefined)
    // @ts-expect-error: no such index
    expect(db.getUserByCountry).to.equal(undefined)
    // @ts-expect-error: no such grouping
    expect(db.getUsersByEmail).to.equal(undefined)
    // @ts-expect-error: the roles are follower and followed
    expect(db.getUsersFromFollowingWithUser).to.equal(undefined)
    // @ts-expect-error: no property of a token
    expect(db.getTokenName).to.equal(undefined)
    const wrong = [
      // @ts-expect-error: email is required
      () => db.createUser({ age: 36 }),
      // @ts-expect-error: age is a number
      () => db.createUser({ email: 'x', age: 'old' }),
      // @ts-expect-error: no such type
      () => db.select('users'),
      // @ts-expect-error: no such field to filter by
      () => db.select('user', { name: { $startWith: 'A' } }),
      // @ts-expect-error: no such role
      () => db.createUser({ email: 'y', role: 'king' }),
      // @ts-expect-error: no such option
      () => persisto({ types: { user: { email: 'string' } }, strategy: () => memory(), indices: { user: ['email'] } }),
      // @ts-expect-error: a relation with a type that is not declared
      () => persisto({ types: { user: {} }, strategy: () => memory(), relations: { of: ['user', 'dog'] } }),
      // @ts-expect-error: a grouping of a type that is not declared
      () => persisto({ types: { user: {} }, strategy: () => memory(), groupings: { x: { type: 'dog', by: 'a' } } }),
      // @ts-expect-error: required is a field that is not declared
      () => persisto({ types: { user: { a: 'string' } }, strategy: () => memory(), required: { dog: ['a'] } }),
      // @ts-expect-error: the serial of a token is a number
      () => db.createToken({ serial: 'x' }),
    ]
    for (const each of wrong) expect(await each().catch((error: Error) => error.name)).to.match(/Error$/)
  })

  it('check the fields of indexes', () => {
    const types = { user: { email: 'string' } } as const
    const open = () => [
      () => persisto({ types, indexes: { user: ['email', { field: 'email', unique: false }] } }),
      // @ts-expect-error: an index on a field that is not declared
      () => persisto({ types, indexes: { user: ['emial'] } }),
      // @ts-expect-error: the same, where it is not unique
      () => persisto({ types, indexes: { user: [{ field: 'emial', unique: false }] } }),
    ]
    expect(open()).to.have.length(3)
  })

  it('grow with what is configured later', async () => {
    const more = await db.configureTypes({ tag: { label: 'string' } })
    const indexed = await more.createIndex('tag', 'label')
    same<ReturnType<typeof indexed.getTagByLabel>, Promise<{ id: string; label?: string | undefined } | undefined>>()
    expect(indexed.getTagByLabel).to.be.a('function')
    const last = await indexed.configure({
      relations: { tagging: ['user', 'tag'] },
      groupings: { tags: { type: 'tag', by: 'label' } },
    })
    same<ReturnType<typeof last.getTagIdsFromTaggingWithUser>, Promise<string[]>>()
    same<ReturnType<typeof last.getTagsByLabel>, Promise<string[]>>()
    // @ts-expect-error: the first variable knows nothing of it
    expect(db.createTag).to.be.a('function')
  })

  it('are the same for a client, and for what is granted', async () => {
    const far = client<Db>('http://localhost:1/methods')
    same<typeof far.getUserByEmail, Db['getUserByEmail']>()
    same<typeof far.select, Db['select']>()
    const facet = await grant(db, ['getUser'])
    same<typeof facet.getUser, Db['getUser']>()
    // @ts-expect-error: it was not granted
    expect(facet.deleteUser).to.equal(undefined)
  })
})
