import { sqlite } from '../../stores/sqlite.js'
import { folder } from '../stores/json-file/folder.js'
import { alternately } from './alternately.js'
import { histories } from './histories.js'

describe('sqlite', () => {
  const { path, clear } = folder()
  const columns = { value: 'integer', list: 'json', kind: 'string', amount: 'integer' } as const
  const indexes = ['kind', 'amount']

  histories('a file', { open: () => sqlite({ path: path(), indexes }), clean: clear })
  histories('columns', { open: () => sqlite({ path: path(), columns, durability: 'relaxed' }), clean: clear })
  histories('two stores on a file', {
    open: () => alternately([sqlite({ path: path() }), sqlite({ path: path() })]),
    clean: clear,
  })
  histories(':memory:', { open: () => sqlite({ path: ':memory:' }) })
})
