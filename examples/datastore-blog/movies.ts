import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Post, User } from './documents.js'

/** A movie as the package `vega-datasets` gives it. */
interface Movie {
  readonly Title: string | number | null
  readonly Director: string | null
  readonly 'Release Date': string
  readonly 'Major Genre': string | null
  readonly 'Creative Type': string | null
  readonly 'MPAA Rating': string | null
  readonly 'IMDB Rating': number | null
}

/** A post about each of 3,201 movies, by its director, and the 551 directors. */
export function movies(): { readonly posts: Post[]; readonly users: User[] } {
  const path = createRequire(import.meta.url).resolve('vega-datasets')
  const given: readonly Movie[] = JSON.parse(readFileSync(new URL('../data/movies.json', `file://${path}`), 'utf8'))
  const posts = given.map((movie, at) => postOf(movie, at))
  const names = [...new Set(posts.map(({ author }) => author))]
  return { posts, users: names.map(userOf) }
}

function postOf(movie: Movie, at: number): Post {
  const released = Date.parse(`${movie['Release Date']} UTC`)
  const tags = [movie['Major Genre'], movie['Creative Type'], movie['MPAA Rating']]
  return {
    id: `post:${String(at).padStart(4, '0')}`,
    title: String(movie.Title),
    author: movie.Director ?? 'Anonymous',
    tags: tags.filter(tag => tag !== null),
    rating: movie['IMDB Rating'],
    publishedAt: Number.isNaN(released) ? null : new Date(released).toISOString(),
  }
}

function userOf(name: string, at: number): User {
  const login = name.toLowerCase().replace(/[^a-z]+/g, '.')
  return {
    id: `user:${login}`,
    name,
    email: `${login}@example.org`,
    status: at % 3 === 0 ? 'asleep' : 'active',
    createdAt: new Date(Date.UTC(2024, at % 12, 1)).toISOString(),
  }
}
