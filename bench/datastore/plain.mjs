/**
 * A datastore as it is often written, and as the one that Holdfast's follows was: all documents in a `Map`, `structuredClone` on the
 * way in and out, a file written in place for each, a list sorted for each query.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export function plain(directory) {
  const documents = new Map()
  const pathOf = key => join(directory, `${encodeURIComponent(key)}.json`)

  return {
    async load() {
      const names = await readdir(directory)
      await Promise.all(
        names.map(async name => {
          documents.set(
            decodeURIComponent(name.slice(0, -5)),
            JSON.parse(await readFile(join(directory, name), 'utf8')),
          )
        }),
      )
      return this
    },
    async getItem(key) {
      const document = documents.get(key)
      return document ? structuredClone(document) : null
    },
    async setItem(key, document, { checkConsistency = true } = {}) {
      const stored = documents.get(key)
      if (checkConsistency && stored && stored._rev !== document._rev) throw new Error('conflict')
      const next = structuredClone(document)
      next._rev = stored ? stored._rev + 1 : 0
      await writeFile(pathOf(key), JSON.stringify(next))
      documents.set(key, next)
      return structuredClone(next)
    },
    async queryKeys({ startKey = '\u0000', endKey = '\uffff', limit = 10 } = {}) {
      const all = Array.from(documents.keys(), key => Object.freeze({ key, documentKey: key }))
      all.sort((a, b) => a.key.localeCompare(b.key))
      const items = all.filter(({ key }) => key.localeCompare(startKey) >= 0 && key.localeCompare(endKey) <= 0)
      return { items: items.slice(0, limit), exclusiveEndIndex: items.length > limit ? limit : null }
    },
    async close() {},
  }
}
