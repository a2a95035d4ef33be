/** A process that writes to an aggregate, one object after the other, and says what was acknowledged. */
import { say } from '../../say.js'
import { openAggregate } from './open.js'

const [folder = ''] = process.argv.slice(2)
const store = await openAggregate(folder)
for (let n = 1 + (((await store.get('n'))?.a as number | undefined) ?? 0); ; n++) {
  await store.put({ id: 'n', a: n, b: n, c: n, text: 'x'.repeat(n % 100) })
  say(`${n}`)
}
