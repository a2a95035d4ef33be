import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { objects } from '../data/objects.mjs'
import { library } from '../library.mjs'
import { plain } from './plain.mjs'

export const original = 'a `Map`, `structuredClone` and `writeFile`'
export const held = 5000

const source = objects(held)
export const keyOf = number => `user:${number}`
export const documentOf = number => source[number]

/** An empty datastore of the original, and one of ours, in a directory of its own. */
export const open = {
  async [original](folder) {
    return plain(made(folder, 'plain')).load()
  },
  async Holdfast(folder, options = { durability: 'relaxed' }) {
    const { Datastore } = await library('models/datastore.js')
    return new Datastore({ directory: made(folder, options.durability ?? 'strict'), ...options }).load()
  },
}

function made(folder, name) {
  const path = join(folder, `${name}-${process.pid}`)
  mkdirSync(path, { recursive: true })
  return path
}

export async function filled(datastore, count = held) {
  for (let number = 0; number < count; number++) await datastore.setItem(keyOf(number), documentOf(number))
  return datastore
}
