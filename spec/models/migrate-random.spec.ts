import { expect } from 'chai'
import type { Id } from '../../lib/store.js'
import { type Definition, Model } from '../../models/model.js'
import { directory } from '../../stores/directory.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { thrownBy } from '../refusal.js'
import { folder } from '../stores/json-file/folder.js'
import { all, type Full, list, type Thing } from './migrate/things.js'

const runs = process.env.GATE ? 300 : 6
const names = ['a', 'b', 'c', 'd'] as const

/** What a step does, as data. */
type Change =
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'drop' | 'refuse' | 'throw'; readonly name: string }
  | { readonly kind: 'set'; readonly name: string; readonly value: unknown }

interface Version {
  readonly changes: readonly Change[]
  readonly types: Readonly<Record<string, 'number' | 'string'>>
  readonly required: readonly string[]
}

function randomVersion(chance: Random): Version {
  const types = Object.fromEntries(
    names.filter(() => chance.chance(0.3)).map(name => [name, chance.pick(['number', 'string'] as const)]),
  )
  return {
    changes: Array.from({ length: chance.below(4) }, () => randomChange(chance)),
    types,
    required: names.filter(() => chance.chance(0.08)),
  }
}

function randomChange(chance: Random): Change {
  const name = chance.pick(names)
  const kind = chance.pick(['rename', 'rename', 'drop', 'set', 'set', chance.chance(0.3) ? 'refuse' : 'set'] as const)
  if (kind === 'rename') return { kind, from: name, to: chance.pick(names) }
  if (kind === 'set') return { kind, name, value: randomValue(chance) }
  return kind === 'refuse' && chance.chance(0.5) ? { kind: 'throw', name } : { kind, name }
}

function randomValue(chance: Random): unknown {
  return chance.pick([chance.below(9), 'text', { nested: chance.below(3) }])
}

function randomObject(chance: Random): Thing {
  return Object.fromEntries(names.filter(() => chance.chance(0.5)).map(name => [name, randomValue(chance)]))
}

/** The definition of a version, with a step for each version, which changes its object in place or makes a new one. */
function definitionOf(versions: readonly Version[], version: number): Definition {
  const steps = versions.slice(0, version).map(({ changes }, at) => [
    at + 1,
    async (given: Thing) => {
      let object = at % 2 ? given : { ...given }
      for (const change of changes) {
        if (change.kind === 'refuse' && change.name in object) return undefined
        if (change.kind === 'throw' && change.name in object) throw new Error(change.name)
        if (change.kind === 'set') object[change.name] = change.value
        if (change.kind === 'drop') delete object[change.name]
        if (change.kind === 'rename' && change.from in object) {
          const { [change.from]: value, ...rest } = object
          object = { ...rest, [change.to]: value }
        }
      }
      return object
    },
  ])
  const { types, required } = versions[version - 1] as Version
  return {
    version,
    migrate: Object.fromEntries(steps),
    properties: Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type }])),
    required,
  }
}

/** What the objects should be: the version and the content of each. */
class Oracle {
  readonly stored = new Map<number, { version: number; content: ReadonlyMap<string, unknown> }>()
  constructor(readonly versions: readonly Version[]) {}

  isValid(content: ReadonlyMap<string, unknown>, version: number): boolean {
    const { types, required } = this.versions[version - 1] as Version
    return (
      required.every(name => content.has(name)) &&
      Object.entries(types).every(([name, type]) => !content.has(name) || typeof content.get(name) === type)
    )
  }

  put(id: number, object: Thing, version: number): boolean {
    const before = this.stored.get(id)
    const content = new Map(Object.entries({ id, ...object }))
    if (version > 0 && ((before && before.version !== version) || !this.isValid(content, version))) return false
    this.stored.set(id, { version, content })
    return true
  }

  migrate(to: number): number {
    let migrated = 0
    for (const found of this.stored.values()) {
      if (found.version >= to) continue
      const content = this.brought(new Map(found.content), found.version, to)
      if (!content || !this.isValid(content, to)) continue
      Object.assign(found, { version: to, content })
      migrated++
    }
    return migrated
  }

  brought(content: Map<string, unknown>, from: number, to: number): Map<string, unknown> | undefined {
    for (const change of this.versions.slice(from, to).flatMap(({ changes }) => changes)) {
      if ((change.kind === 'refuse' || change.kind === 'throw') && content.has(change.name)) return undefined
      if (change.kind === 'set') content.set(change.name, change.value)
      if (change.kind === 'drop') content.delete(change.name)
      if (change.kind === 'rename' && content.has(change.from)) {
        const value = content.get(change.from)
        content.delete(change.from)
        content.set(change.to, value)
      }
    }
    return content
  }

  seen(version: number): Thing[] {
    const found = [...this.stored.values()].filter(each => each.version === version)
    return found.map(({ content }) => Object.fromEntries(content))
  }
}

describe('migrations at random', () => {
  const files = folder()
  const seed = newSeed()
  const stores: Record<string, () => Full | Promise<Full>> = {
    memory: () => memory<Thing, Id>() as Full,
    sqlite: () => sqlite<Thing, Id>({ path: ':memory:' }) as Full,
    directory: async () => (await directory<Thing, Id>({ path: files.path('objects'), durability: 'relaxed' })) as Full,
    jsonFile: async () => (await jsonFile<Thing, Id>({ path: files.path(), durability: 'relaxed' })) as Full,
  }

  for (const [name, open] of Object.entries(stores)) {
    it(`come to what an oracle says: ${name}, SEED=${seed}`, async () => {
      for (let run = 0; run < runs; run++) {
        files.clear()
        const store = await open()
        await history(store, random(seed + run))
        await store.close()
      }
    })
  }
})

async function history(store: Full, chance: Random): Promise<void> {
  const versions = Array.from({ length: 3 + chance.below(3) }, () => randomVersion(chance))
  const oracle = new Oracle(versions)
  const write = async (version: number, model: { put(object: object): unknown }) => {
    for (let left = chance.below(12); left > 0; left--) {
      const [id, object] = [chance.below(20), randomObject(chance)]
      const error = await thrownBy(() => model.put({ id, ...object }))
      expect(oracle.put(id, object, version)).to.equal(!error)
    }
  }

  await write(0, store)
  for (let version = 1; version <= versions.length; version++) {
    const Versioned = Model(store, definitionOf(versions, version))
    await write(version, Versioned as never)
    if (chance.chance(0.5) && version < versions.length) continue

    const raw = await all(store)
    const plan = await Versioned.migrate({ dryRun: true })
    expect(await all(store)).to.deep.equal(raw)
    if (chance.chance(0.3)) {
      // cut off, and called again
      const stop = new AbortController()
      await thrownBy(() => Versioned.migrate({ batch: 2, signal: stop.signal, progress: () => stop.abort() }))
      expect(await all(store)).to.have.length(raw.length)
      await Versioned.migrate({ batch: 1 + chance.below(5) })
      oracle.migrate(version)
    } else {
      const report = await Versioned.migrate({ batch: 1 + chance.below(9) })
      expect(report).to.deep.equal({ ...plan, dryRun: false })
      expect(report.migrated).to.equal(oracle.migrate(version))
    }
    expect(await all(Versioned)).to.have.deep.members(oracle.seen(version))
    const left = await list(Versioned.quarantined())
    const expected = [...oracle.stored].filter(([, each]) => each.version !== version)
    expect(left.map(({ id, version, object }) => ({ id, version, object }))).to.have.deep.members(
      expected.map(([id, { version, content }]) => ({ id, version, object: Object.fromEntries(content) })),
    )
  }
}
