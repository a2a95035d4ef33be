import { once } from 'node:events'
import { expect } from 'chai'
import { jsonFile } from '../../stores/json-file.js'
import { child } from '../child.js'
import { folder } from '../stores/json-file/folder.js'

describe('writeBehind, when the process ends', () => {
  const { path } = folder()
  for (const [end, count] of [
    ['nothing to do', 100],
    ['exit', 0],
  ] as const) {
    it(`has flushed ${count} of 100 after ${end}`, async () => {
      const writer = child('wrappers/write-behind/writer.ts', path(), end)
      const [code] = await once(writer, 'close')
      expect(code).to.equal(0)
      const store = await jsonFile({ path: path() })
      expect(store.count()).to.equal(count)
      await store.close()
    })
  }
})
