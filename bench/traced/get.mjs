import { getting } from '../data/getting.mjs'
import { objects } from '../data/objects.mjs'
import { meetShapes } from '../data/shapes.mjs'
import { library } from '../library.mjs'

const bare = '`memory().get`'

/** Get by id through `traced`, while nobody listens, and while somebody does. */
export default {
  title: 'get through traced',
  operations: ['get'],
  rounds: 7,
  warm: 250,
  variants: {
    [bare]: () => through(store => store),
    'nobody listens': () => through((store, traced) => traced(store)),
    'one listener': () => through(listened),
  },
  rows: [
    {
      what: 'traced: get, nobody listens',
      operation: 'get',
      subject: 'nobody listens',
      to: bare,
      without: ['one listener'],
      goal: { time: 1.2 },
    },
    {
      what: 'traced: get, one listener',
      operation: 'get',
      subject: 'one listener',
      to: bare,
      without: ['nobody listens'],
    },
  ],
}

const held = 10_000

async function listened(store, traced) {
  const { tracingChannel } = await import('node:diagnostics_channel')
  let calls = 0
  const listen = () => void calls++
  tracingChannel('bench:store').subscribe({ start: listen, end: listen })
  return traced(store, { channel: 'bench:store' })
}

async function through(wrap) {
  const [{ memory }, { traced }] = [await library('index.js'), await library('wrappers/traced.js')]
  const other = memory()
  meetShapes(object => other.get(other.put(object)))
  const store = await wrap(memory({ objects: objects(held) }), traced)
  return getting(store, held)
}
