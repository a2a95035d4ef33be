/** What the datastore holds, by its keys. */
export interface Documents {
  [user: `user:${string}`]: User
  [post: `post:${string}`]: Post
}

export interface User {
  id: `user:${string}`
  name: string
  email: string
  status: 'active' | 'asleep'
  createdAt: string
  updatedAt?: string
}

export interface Post {
  id: `post:${string}`
  title: string
  author: string
  tags: readonly string[]
  rating: number | null
  publishedAt: string | null
  likes?: number
}
