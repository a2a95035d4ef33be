/** A process that takes the lock of a path by a socket file, says so, and holds it until it is killed. */
import { exclusive } from '../../../stores/files/exclusive.js'

const [path = '', directory = ''] = process.argv.slice(2)
await exclusive(path, { platform: 'darwin', directory })
console.log('held')
setInterval(() => {}, 1000)
