import { directory } from '../../stores/directory.js'
import { folder } from '../stores/json-file/folder.js'
import { alternately } from './alternately.js'
import { histories } from './histories.js'

describe('directory', () => {
  const { path, clear } = folder()
  const open = (options: object = {}) => directory({ path: path('objects'), ...options })

  for (const keep of ['all', 'none'] as const) {
    histories(`keep: ${keep}`, { open: () => open({ keep }), clean: clear, count: 2 })
  }
  histories('shared by two', {
    open: async () => alternately([await open({ shared: true }), await open({ shared: true })]),
    clean: clear,
    count: 2,
  })
})
