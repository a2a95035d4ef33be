import type { Datastore } from 'holdfast/models/datastore'
import type { Documents, Post, User } from './documents.js'

/** Users, and who of them is active. */
export class UserService {
  readonly #datastore: Datastore<Documents>

  constructor(datastore: Datastore<Documents>) {
    this.#datastore = datastore
    datastore.setView('activeUsers', {
      map(document, emit) {
        if ('status' in document && document.status === 'active') emit(document.email, document.name)
      },
    })
  }

  getUser(id: User['id']) {
    return this.#datastore.getItem(id)
  }

  updateUser(id: User['id'], updates: Partial<User>) {
    return this.#datastore.updateItem(id, user => {
      if (!user) throw new Error(`there is no ${id}`)
      return { ...user, ...updates, updatedAt: new Date().toISOString() }
    })
  }

  deleteUser(id: User['id']) {
    return this.#datastore.deleteItem(id)
  }

  getActiveUsers(limit = 20) {
    return this.#datastore.queryView<string, string>('activeUsers', { limit })
  }
}

/** Posts, by tag and by author. */
export class BlogService {
  readonly #datastore: Datastore<Documents>

  constructor(datastore: Datastore<Documents>) {
    this.#datastore = datastore
    datastore.setView('postsByTag', {
      map(document, emit) {
        if ('tags' in document) for (const tag of document.tags) emit([tag, document.rating], document.title)
      },
      reduce: 'count',
    })
    datastore.setView('postsByAuthor', {
      map(document, emit) {
        if ('author' in document) emit(document.author, document.title)
      },
      reduce: 'count',
    })
  }

  /** Those with the best ratings first. */
  getPostsByTag(tag: string, limit = 10) {
    return this.#datastore.queryView<readonly [string, number | null], string>('postsByTag', {
      startKey: [tag],
      endKey: [tag, Number.MAX_VALUE],
      descending: true,
      limit,
    })
  }

  /** How many posts there are of each tag. */
  getTags() {
    return this.#datastore.queryView<readonly [string], number>('postsByTag', { group: 1, limit: 100 })
  }

  getPostsByAuthor(author: string, limit = 10) {
    return this.#datastore.queryView<string, string>('postsByAuthor', { key: author, limit })
  }

  like(id: Post['id']) {
    return this.#datastore.updateItem(id, post => {
      if (!post) throw new Error(`there is no ${id}`)
      return { ...post, likes: (post.likes ?? 0) + 1 }
    })
  }
}
