import { getting } from '../data/getting.mjs'
import { objects } from '../data/objects.mjs'
import { meetShapes } from '../data/shapes.mjs'
import { library } from '../library.mjs'

const bare = '`memory().get`'

/** Get by id through wrappers that forward it. */
export default {
  title: 'get through wrappers',
  operations: ['get'],
  rounds: 7,
  warm: 250,
  variants: {
    [bare]: () => through(store => store),
    'one wrapper': () => through((store, readonly) => readonly(store)),
    'three wrappers': () => through((store, readonly) => readonly(readonly(readonly(store)))),
  },
  rows: [
    {
      what: 'wrappers: get through one that forwards it',
      operation: 'get',
      subject: 'one wrapper',
      to: bare,
      goal: { time: 1.1 },
    },
    { what: 'wrappers: get through three', operation: 'get', subject: 'three wrappers', to: bare, goal: { time: 2 } },
  ],
}

const held = 10_000

async function through(wrap) {
  const { memory, readonly } = await library('index.js')
  const other = memory()
  meetShapes(object => other.get(other.put(object)))
  const store = wrap(memory({ objects: objects(held) }), readonly)
  return getting(store, held)
}
