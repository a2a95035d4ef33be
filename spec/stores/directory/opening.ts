import type { Store } from '../../../lib/store.js'
import { type DirectoryOptions, directory } from '../../../stores/directory.js'
import { folder } from '../json-file/folder.js'

/** Opens a directory in a folder of the suite, and closes after each test what it has opened. */
export function opening() {
  const { path, names } = folder()
  const stores: Store[] = []
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close?.()
  })
  return {
    path,
    names,
    file: (name = 'a.json') => path(`data/${name}`),
    async open(options: Partial<DirectoryOptions> = {}) {
      const store = await directory({ path: path('data'), ...options })
      stores.push(store)
      return store
    },
  }
}
