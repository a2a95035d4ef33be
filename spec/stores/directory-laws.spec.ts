import type { Store } from '../../lib/store.js'
import { type DirectoryOptions, directory } from '../../stores/directory.js'
import { conforms, everything } from '../conformance/index.js'
import { oracle } from '../oracle/index.js'
import { folder } from './json-file/folder.js'

describe('directory, the laws', () => {
  const { path, clear } = folder()
  const gate = Boolean(process.env.GATE)
  const ways: [name: string, options: Partial<DirectoryOptions>, always: boolean][] = [
    ['strict', {}, true],
    ['keep none, relaxed', { keep: 'none', durability: 'relaxed' }, gate],
    ['keep 2, shared, watched', { keep: 2, shared: true, watch: true }, gate],
    ['load all, relaxed', { load: 'all', durability: 'relaxed' }, gate],
    ['shared', { shared: true }, gate],
  ]
  for (const [name, options, always] of ways) {
    const open = () => directory({ path: path('data'), ...options })
    const ways = gate || name === 'strict' ? undefined : (['directly'] as const)
    if (always) conforms(name, { open, reopen: open, offers: [...everything, 'lasting'], ways, clean: clear })
    oracle(`directory, ${name}`, open, {
      runs: gate ? 50 : 3,
      async reopen(store: Store) {
        await store.close?.()
        const again = await open()
        again.setSchema({ properties: { p: { index: true }, u: { unique: true } } })
        return again
      },
      clean: clear,
    })
  }
  conforms('read-only', {
    open: () => directory({ path: path('data'), readonly: true }),
    offers: ['get', 'query', 'count', 'setSchema', 'close'],
  })
})
