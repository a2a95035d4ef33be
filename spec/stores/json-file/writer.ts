/**
 * A process that writes until it is killed, and prints what was acknowledged: a line with the name of the writer and its
 * number. Four writers put one object each, a fifth two in one transaction; a sixth adds one and deletes it again.
 */
import { transaction } from '../../../lib/transaction.js'
import { jsonFile } from '../../../stores/json-file.js'
import { say } from '../../say.js'

const [path = ''] = process.argv.slice(2)
const store = await jsonFile({ path, compactAt: 400 })
const text = 'x'.repeat(100)

async function write(name: string, put: (n: number) => Promise<unknown>): Promise<void> {
  for (let n = Number(store.get(name)?.n ?? 0) + 1; ; n++) {
    await put(n)
    say(`${name} ${n}`)
  }
}

for (const name of ['a', 'b', 'c', 'd']) void write(name, async n => store.put({ id: name, n, text }))
void write('one', n =>
  transaction(store, async tx => {
    await tx.put({ id: 'one', n })
    await tx.put({ id: 'two', n, text })
  }),
)
void write('came', async n => {
  await store.put({ id: 'went', n })
  await store.put({ id: 'came', n })
  await store.delete('went')
})
