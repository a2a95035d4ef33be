import { explain } from '../../../lib/explain.js'
import { memory } from '../../../stores/memory.js'
import { expires } from '../../../wrappers/expires.js'

let time = 0
const store = expires(memory(), { ttl: 1, every: 100 * 24 * 3_600_000, now: () => time })
store.put({ id: 1 })
time = 1
// a timer of too many milliseconds would be over at once
await new Promise(resolve => setTimeout(resolve, 20))
console.log(`swept=${explain(store).numbers.swept}`)
