/** Writes 100 objects to be flushed in an hour, and then has nothing else to do; or is ended. */
import { jsonFile } from '../../../stores/json-file.js'
import { writeBehind } from '../../../wrappers/write-behind.js'

const [, , path = '', end] = process.argv
const store = writeBehind(await jsonFile({ path }), { every: 3_600_000 })
for (let id = 0; id < 100; id++) await store.put({ id })
console.log('written')
if (end === 'exit') process.exit()
