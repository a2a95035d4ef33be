/**
 * A process that writes until it is killed, and prints what was acknowledged: a line with the name of the writer and its
 * number. Two writers put one object each, a third three in one transaction, one of them new and one removed.
 */
import { transaction } from '../../../lib/transaction.js'
import { directory } from '../../../stores/directory.js'
import { say } from '../../say.js'

const [path = '', own = '', shared] = process.argv.slice(2)
const store = await directory({ path, shared: shared === 'shared' })

async function write(name: string, put: (n: number) => Promise<unknown>): Promise<void> {
  for (let n = Number((await store.get(name))?.n ?? 0) + 1; ; n++) {
    await put(n)
    say(`${name} ${n}`)
  }
}

for (const name of ['a', 'b']) void write(`${own}${name}`, async n => store.put({ id: `${own}${name}`, n }))
void write(`${own}one`, n =>
  transaction(store, async tx => {
    await tx.put({ id: `${own}one`, n })
    await tx.put({ id: `${own}two`, n })
    await tx.delete(`${own}new${n - 1}`)
    await tx.put({ id: `${own}new${n}`, n })
  }),
)
