/** A process that opens a store, puts an object, says so, and does not close. With `wait` it stays until it is killed. */
import { jsonFile } from '../../../stores/json-file.js'

const [path = '', wait] = process.argv.slice(2)
const store = await jsonFile({ path })
await store.put({ id: process.pid })
console.log('put')
if (wait) setInterval(() => {}, 1000)
