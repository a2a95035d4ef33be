/** A process that opens a file, says how that went, and stays until it is killed: `sqlite-opener.ts path how`. */
import { sqlite } from '../../stores/sqlite.js'

const [path = '', how = ''] = process.argv.slice(2)
try {
  sqlite({ path, shared: how === 'shared' }).put({ id: 'theirs' })
  console.log('open')
} catch (error) {
  console.log(`${error}`)
}
if (how !== 'leaving') setInterval(() => {}, 1000)
