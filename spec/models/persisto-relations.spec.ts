import { expect } from 'chai'
import { directories, persisto } from '../../models/persisto.js'
import { memory } from '../../stores/memory.js'
import { newSeed, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { failure } from './persisto/failure.js'

const steps = process.env.GATE ? 5000 : 100

const config = {
  types: { user: { name: 'string' }, post: { title: 'string' } },
  relations: { authorship: ['user', 'post'], following: { follower: 'user', followed: 'user' } },
} as const

describe('persisto: relations', () => {
  const files = folder()

  for (const [kind, count] of [
    ['memory', steps],
    ['directories', steps / 10],
  ] as const) {
    const seed = newSeed()
    it(`are in step on both sides after any sequence, on ${kind}, SEED=${seed}`, async () => {
      const { pick, below, chance } = random(seed)
      const path = files.path('data')
      const strategy = kind === 'memory' ? () => memory() : directories({ path, durability: 'relaxed' })
      const db = await persisto({ ...config, strategy, log: files.path('log') })
      const [users, posts] = [new Set<string>(), new Set<string>()]
      const written = new Set<string>()
      const follows = new Set<string>()
      const some = (of: Set<string>) => [...of].filter(() => chance(0.3))
      const any = (of: Set<string>) => pick([...of])
      const set = (pairs: Set<string>, side: 0 | 1, id: string, others: readonly string[]) => {
        for (const pair of pairs) if (pair.split(' ')[side] === id) pairs.delete(pair)
        for (const other of others) pairs.add(side === 0 ? `${id} ${other}` : `${other} ${id}`)
      }
      const of = (pairs: Set<string>, side: 0 | 1, id: string) =>
        [...pairs].flatMap(pair => (pair.split(' ')[side] === id ? (pair.split(' ')[1 - side] as string) : [])).sort()

      for (let step = 0; step < count; step++) {
        const kind = users.size === 0 || posts.size === 0 ? below(2) : below(9)
        if (kind === 0) {
          const [post, follower, followed] = [some(posts), some(users), some(users)]
          const { id } = await db.createUser({ name: `${step}`, post, follower, followed })
          users.add(id)
          set(written, 0, id, post)
          set(follows, 1, id, follower)
          set(follows, 0, id, followed)
        } else if (kind === 1) {
          const user = some(users)
          const { id } = await db.createPost({ title: `${step}`, user })
          posts.add(id)
          set(written, 1, id, user)
        } else if (kind === 2) {
          const [id, post] = [any(users), some(posts)]
          await db.updateUser(id, { post })
          set(written, 0, id, post)
        } else if (kind === 3) {
          const [id, followed] = [any(users), some(users)]
          await db.updateUser(id, { followed })
          set(follows, 0, id, followed)
        } else if (kind === 4) {
          const [user, post] = [any(users), any(posts)]
          await db.addUserToAuthorshipPost(user, post)
          written.add(`${user} ${post}`)
        } else if (kind === 5) {
          const [follower, followed] = [any(users), any(users)]
          expect(await db.removeFollowedFromFollowingFollower(followed, follower)).to.equal(
            follows.delete(`${follower} ${followed}`),
          )
        } else if (kind === 6 && users.size > 3) {
          const id = any(users)
          await db.deleteUser(id)
          users.delete(id)
          for (const pairs of [written, follows])
            for (const pair of pairs) if (pair.split(' ').includes(id)) pairs.delete(pair)
        } else if (kind === 7 && posts.size > 3) {
          const id = any(posts)
          await db.deletePost(id)
          posts.delete(id)
          set(written, 1, id, [])
        } else if (kind === 8) {
          const dead = `user.nobody${step}`
          expect(await failure(db.createPost({ title: 'lost', user: [any(users), dead] }))).to.equal('ConstraintError')
        }
        if (step % 10 !== 0 && step !== count - 1) continue
        for (const id of users) {
          const { post, follower, followed } = await db.getUser(id)
          expect(post?.sort(), 'posts').to.deep.equal(of(written, 0, id))
          expect(follower?.sort(), 'followers').to.deep.equal(of(follows, 1, id))
          expect(followed?.sort(), 'followed').to.deep.equal(of(follows, 0, id))
          const posted = await db.getPostsFromAuthorshipWithUser(id)
          expect(posted.map(each => each.id).sort()).to.deep.equal(of(written, 0, id))
          expect((await db.getFollowerIdsFromFollowingWithFollowed(id)).sort()).to.deep.equal(of(follows, 1, id))
        }
        for (const id of posts) expect((await db.getPost(id)).user?.sort()).to.deep.equal(of(written, 1, id))
        expect((await db.getEveryPost()).sort()).to.deep.equal([...posts].sort())
      }
      await db.shutDown()
    })
  }

  it('lead nowhere but to what is there, whatever is done at the same time', async () => {
    const db = await persisto({ ...config, strategy: () => memory() })
    const users = await Promise.all(Array.from({ length: 20 }, () => db.createUser({})))
    const posts = await Promise.all(users.map(({ id }) => db.createPost({ user: [id] })))
    await Promise.allSettled([
      ...users.flatMap(({ id }) => posts.map(post => db.addUserToAuthorshipPost(id, post.id))),
      ...users.slice(0, 10).map(({ id }) => db.deleteUser(id)),
      ...posts.slice(0, 10).map(({ id }) => db.deletePost(id)),
      ...posts.slice(5, 15).map(({ id }) => db.updatePost(id, { user: users.slice(5, 15).map(user => user.id) })),
    ])
    const left = new Set([...(await db.getEveryUser()), ...(await db.getEveryPost())])
    expect(left.size).to.equal(20)
    for (const { id, user = [] } of await db.getEveryPostObject()) {
      for (const each of user) {
        expect(left).to.include(each)
        expect(await db.getPostIdsFromAuthorshipWithUser(each)).to.include(id)
      }
    }
  })

  it('are listed in order, a part at a time, and selected by', async () => {
    const db = await persisto({ ...config, strategy: () => memory() })
    const ada = await db.createUser({ name: 'Ada' })
    for (const title of ['c', 'a', 'b']) await db.createPost({ title, user: [ada.id] })
    await db.createPost({ title: 'd' })
    const titles = (posts: readonly { title?: string | undefined }[]) => posts.map(({ title }) => title).join('')
    expect(titles(await db.getPostsFromAuthorshipWithUser(ada.id, 'title'))).to.equal('abc')
    expect(titles(await db.getPostsFromAuthorshipWithUser(ada.id, 'title', 1, 3, true))).to.equal('ba')
    const found = await db.select('post', { user: { $contains: ada.id }, title: { $gt: 'a' } }, { sortBy: 'title' })
    expect(titles(found.objects)).to.equal('bc')
    expect(found.objects[0]?.user).to.deep.equal([ada.id])
    const nobody = await db.select('post', { $not: { user: { $contains: ada.id } } })
    expect(titles(nobody.objects)).to.equal('d')
    expect(await failure(db.select('post', { user: { $size: 1 } }))).to.equal('TypeError')
  })

  it('need two roles with names of their own', async () => {
    const types = { user: { name: 'string', friend: 'string' } } as const
    const strategy = () => memory()
    const wrong = [
      { same: ['user', 'user'] },
      { three: ['user', 'user', 'user'] },
      { clash: { friend: 'user', of: 'user' } },
      { unknown: ['user', 'dog'] },
    ]
    for (const relations of wrong) {
      expect(
        await failure(persisto({ strategy, types, relations: relations as never })),
        JSON.stringify(relations),
      ).to.equal('TypeError')
    }
  })
})
