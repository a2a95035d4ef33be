import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Store } from '../../../lib/store.js'
import { directory } from '../../../stores/directory.js'
import { jsonFile } from '../../../stores/json-file.js'
import { sqlite } from '../../../stores/sqlite.js'

/** One store of each kind that lasts, in a folder, and the path of their log. */
export async function openTogether(folder: string): Promise<{ stores: Store[]; log: string }> {
  mkdirSync(folder, { recursive: true })
  const stores = [
    await jsonFile({ path: join(folder, 'a.json'), compactAt: 1000 }),
    await directory({ path: join(folder, 'b') }),
    sqlite({ path: join(folder, 'c.db') }),
    sqlite({ path: join(folder, 'c.db'), table: 'others' }),
    await jsonFile({ path: join(folder, 'd.json'), compactAt: 1000 }),
  ]
  return { stores, log: join(folder, 'log') }
}
