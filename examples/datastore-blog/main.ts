/** Users and a blog with tags on real data: 3,201 movies and their directors, each a readable file of a directory. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Datastore } from 'holdfast/models/datastore'
import { ask, heading, report } from '../cities/report.js'
import type { Documents } from './documents.js'
import { movies } from './movies.js'
import { BlogService, UserService } from './services.js'

const folder = await mkdtemp(join(tmpdir(), 'holdfast-blog-'))

try {
  heading('A file for each of 3,201 posts and 551 users')
  const first = await new Datastore<Documents>({ directory: join(folder, 'data'), durability: 'relaxed' }).load()
  const { posts, users } = movies()
  for (const post of posts) await first.setItem(post.id, post)
  for (const user of users) await first.setItem(user.id, user)
  await first.close()

  const datastore = new Datastore<Documents>({ directory: join(folder, 'data'), durability: 'relaxed' })
  const [people, blog] = [new UserService(datastore), new BlogService(datastore)]
  report([
    await ask(
      'load all',
      undefined,
      async () => `${(await datastore.load()).loadErrors.length} files cannot be served`,
    ),
    await ask('how many posts of each tag', undefined, async () =>
      (await blog.getTags()).items.map(({ key, value }) => `${key}: ${value}`).slice(0, 4),
    ),
    await ask('the best documentaries', undefined, async () =>
      (await blog.getPostsByTag('Documentary', 3)).items.map(({ key, value }) => `${key[1]} ${value}`),
    ),
    await ask('posts by Sofia Coppola', undefined, async () =>
      (await blog.getPostsByAuthor('Sofia Coppola')).items.map(({ value }) => value),
    ),
    await ask('the first active users', undefined, async () =>
      (await people.getActiveUsers(3)).items.map(({ key }) => key),
    ),
    await ask('20 readers like a post at the same time', undefined, async () => {
      await Promise.all(Array.from({ length: 20 }, () => blog.like('post:1000')))
      const post = await datastore.getItem('post:1000')
      return `${post?.title}: ${post?.likes} likes, revision ${post?._rev}`
    }),
    await ask('a user is renamed, with a stale copy too', undefined, async () => {
      const stale = await people.getUser('user:sofia.coppola')
      await people.updateUser('user:sofia.coppola', { email: 'sofia@example.org' })
      return stale ? await datastore.setItem(stale.id, stale).then(String, error => error.code) : 'nobody'
    }),
  ])

  heading('The file of a user')
  console.log((await readFile(join(folder, 'data', 'user%3Asofia.coppola.json'), 'utf8')).trimEnd())
  await datastore.backup(join(folder, 'backup'))
  await datastore.close()
} finally {
  await rm(folder, { recursive: true, force: true })
}
