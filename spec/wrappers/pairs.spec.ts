import type { Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { refused as rejects } from '../conformance/case.js'
import { conforms, everything } from '../conformance/index.js'
import { newSeed } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { refused, type Wrap, wrappers } from './pairs/wrappers.js'

/**
 * Every wrapper around every other, and around itself, over memory and over sqlite. Without the gate five of them, each
 * with another partner each time, over one of the two.
 */
const gate = Boolean(process.env.GATE)
const seed = newSeed()
const named = Object.entries(wrappers)

describe(`pairs of wrappers, SEED=${seed}`, () => {
  const { path, clear } = folder()

  function tables(): () => Store {
    let count = 0
    return () => sqlite({ path: path('data.db'), table: `t${count++}`, durability: 'relaxed' })
  }
  const bases = [
    { base: 'memory', places: () => memory, clean: () => {} },
    { base: 'sqlite', places: tables, clean: clear },
  ]

  const outers = gate ? named : named.filter((_, at) => (at + seed) % named.length < 5)
  outers.forEach(([outer, wrapOuter], at) => {
    const inners = gate ? named : [named[(at + seed) % named.length] as [string, Wrap]]
    const chosen = gate ? bases : bases.filter((_, which) => which === (at + seed) % 2)
    for (const [inner, wrapInner] of inners) {
      if (refused.includes(`${outer}(${inner})`)) {
        it(`${outer}(${inner}) is refused`, async () => {
          const found = await wrapInner(memory(), memory)
          await rejects(() => wrapOuter(found, memory), 'NotSupportedError')
        })
        continue
      }
      for (const { base, places, clean } of chosen) {
        conforms(`${outer}(${inner}(${base}))`, {
          async open() {
            const place = places()
            return wrapOuter(await wrapInner(place(), place), place)
          },
          offers: everything,
          ways: gate ? ['directly', 'inside'] : ['directly'],
          clean,
        })
      }
    }
  })
})
