import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { library } from '../library.mjs'

const whole = 'the whole file with its history, synchronously, each time'

class Person {
  name = ''
  age = 0
}

/** Changes of one object that are saved in a directory as they come. The original's way is done again in JavaScript. */
export default {
  title: 'changes of live objects, saved in a directory',
  operations: ['change', 'upsert'],
  waiting: ['change', 'upsert'],
  processes: 1,
  rounds: 5,
  variants: {
    async [whole](folder) {
      const file = join(folder, 'whole.json')
      const person = { name: 'ada', age: 0, __key__: 'ada', __changes__: [] }
      const write = () => {
        const change = { __key__: 'ada', prop_name: 'age', prev_val: person.age, new_val: ++person.age }
        person.__changes__.push({ ...change, date: new Date().toISOString() })
        writeFileSync(file, JSON.stringify(person, null, 2))
        return 1
      }
      for (let number = 0; number < 1000; number++) write()
      return { answer: () => JSON.parse(readFileSync(file, 'utf8')).name, change: write }
    },
    async Holdfast(folder) {
      const { live } = await library('models/live.js')
      const store = await live(Person, join(folder, 'live'), { key: 'name', undoLimit: 10_000 })
      const ada = store.upsert({ name: 'ada' })
      for (let number = 0; number < 1000; number++) ada.age++
      await store.flush()
      let next = 0
      return {
        answer: () => ada.name,
        // each in a tick of its own
        async change() {
          for (let number = 0; number < 500; number++) {
            ada.age++
            await new Promise(setImmediate)
          }
          await store.flush()
          return 500
        },
        async upsert() {
          for (let number = 0; number < 5000; number++) store.upsert({ name: `p${next % 100}`, age: next++ })
          await store.flush()
          return 5000
        },
        end: () => store.close(),
      }
    },
  },
  rows: [
    {
      what: 'live objects, strict: a change with its record, each in a tick',
      operation: 'change',
      to: whole,
      goal: { speed: 10 },
    },
    { what: 'live objects, strict: upserts of 100 objects, flushed', operation: 'upsert' },
  ],
}
