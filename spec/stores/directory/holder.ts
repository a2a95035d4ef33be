/** A process that has a directory open, with one object put into it; until it is killed, or unless it is to leave. */
import { directory } from '../../../stores/directory.js'

const [path = '', leave] = process.argv.slice(2)
const store = await directory({ path, watch: true })
await store.put({ id: process.pid })
console.log('open')
if (!leave) setInterval(() => {}, 1000)
