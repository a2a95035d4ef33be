import { jsonFile } from '../../stores/json-file.js'
import { folder } from '../stores/json-file/folder.js'
import { histories } from './histories.js'

describe('jsonFile', () => {
  const { path, clear } = folder()
  for (const durability of ['strict', 'relaxed'] as const) {
    // grows beyond that in most histories, so that the journal goes into the file while clients work
    histories(durability, { open: () => jsonFile({ path: path(), durability, compactAt: 4000 }), clean: clear })
  }
})
