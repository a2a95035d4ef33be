import { library } from '../library.mjs'

const proxy = 'a bare Proxy with a set trap'
const forgetful = 'without a history'

class Person {
  name = ''
  age = 0

  birthday() {
    this.age += 1
  }
}

/** Reading and writing properties of live objects that are not saved on change. */
export default {
  title: 'properties of live objects',
  operations: ['read', 'write', 'method'],
  rounds: 5,
  variants: {
    [proxy]: () =>
      using(number => {
        const person = Object.assign(new Person(), { name: `${number}` })
        return new Proxy(person, {
          set(target, name, value) {
            target[name] = value
            return true
          },
        })
      }),
    'a plain object': () => using(number => Object.assign(new Person(), { name: `${number}` })),
    Holdfast: () => living({ undoLimit: 100 }),
    [forgetful]: () => living({ history: false }),
  },
  rows: [
    { what: 'live objects: read a property', operation: 'read', to: proxy, goal: { time: 1.5 } },
    { what: 'live objects: write a property, with its record', operation: 'write', to: proxy, goal: { time: 1.5 } },
    {
      what: 'live objects: write a property, without a history',
      operation: 'write',
      subject: forgetful,
      to: proxy,
      goal: { time: 1.5 },
    },
    {
      what: 'live objects: a method that reads and writes, with its record',
      operation: 'method',
      to: proxy,
      goal: { time: 1.5 },
    },
  ],
}

async function living(options) {
  const [{ memory }, { live }] = [await library('index.js'), await library('models/live.js')]
  const place = memory({ idProperty: 'name' })
  const store = await live(Person, place, { key: 'name', saveOnChange: false, saveOnExit: false, ...options })
  return using(number => store.add({ name: `${number}` }))
}

const batch = 10_000

function using(make) {
  const people = Array.from({ length: 100 }, (_, number) => make(number))
  let next = 0
  return {
    answer: () => people[7].name,
    read() {
      let sum = 0
      for (let at = 0; at < batch; at++) sum += people[at % 100].age
      if (sum < 0) throw new Error('no')
      return batch
    },
    write() {
      for (let at = 0; at < batch; at++) people[at % 100].age = next++
      return batch
    },
    method() {
      for (let at = 0; at < batch; at++) people[at % 100].birthday()
      return batch
    },
  }
}
