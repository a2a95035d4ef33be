/** A program that changes live objects until it is killed: `lasting.ts folder round`. */
import { writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Live, live } from '../../../models/live.js'

export class Counter {
  name = ''
  n = 0
  moved = 0
}

export const lasting = (path: string, actor = 'nobody'): Promise<Live<Counter, Partial<Counter>>> =>
  live(Counter, path, { key: 'name', durability: 'relaxed', lookEvery: 0, actor: () => actor })

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , folder = '', round] = process.argv
  const store = await lasting(folder, round)
  const alone = store.upsert({ name: 'alone' })
  const [from, to] = [store.upsert({ name: 'from' }), store.upsert({ name: 'to' })]
  for (;;) {
    alone.n++
    await store.flush()
    writeSync(1, `alone ${alone.n}\n`)
    await store.transaction(() => {
      from.moved--
      to.moved++
    })
    writeSync(1, `moved ${to.moved}\n`)
    if (alone.n % 3 === 0) {
      alone.undo()
      await store.flush()
      alone.redo()
      await store.flush()
      writeSync(1, `turned ${alone.n}\n`)
    }
  }
}
