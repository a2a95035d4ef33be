import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { refused as rejects } from '../conformance/case.js'
import { conforms, everything } from '../conformance/index.js'
import { newSeed } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { refused, wrappers } from './pairs/wrappers.js'

/**
 * Every wrapper around every other, and around itself. Without the gate each of them is once outside and once inside, with
 * another partner each time.
 */
const named = Object.entries(wrappers)
const seed = newSeed()
const gate = Boolean(process.env.GATE)
const pairs = named.flatMap(([outer, wrapOuter], at) => {
  const inners = gate ? named : [named[(at + seed) % named.length] as (typeof named)[number]]
  return inners.map(([inner, wrapInner]) => ({ outer, wrapOuter, inner, wrapInner }))
})

describe(`pairs of wrappers, SEED=${seed}`, () => {
  const { path, clear } = folder()

  for (const { outer, wrapOuter, inner, wrapInner } of pairs) {
    if (refused.includes(`${outer}(${inner})`)) {
      it(`${outer}(${inner}) is refused`, async () => {
        const found = await wrapInner(memory(), memory)
        await rejects(() => wrapOuter(found, memory), 'NotSupportedError')
      })
      continue
    }
    conforms(`${outer}(${inner}(memory))`, {
      open: async () => wrapOuter(await wrapInner(memory(), memory), memory),
      offers: everything,
      ways: gate ? ['directly', 'inside'] : ['directly'],
    })
    conforms(`${outer}(${inner}(sqlite))`, {
      async open() {
        let tables = 0
        const table = () => sqlite({ path: path('data.db'), table: `t${tables++}`, durability: 'relaxed' })
        return wrapOuter(await wrapInner(table(), table), table)
      },
      offers: everything,
      ways: gate ? ['directly', 'inside'] : ['directly'],
      clean: clear,
    })
  }
})
