/**
 * Two stores in one database that outlasts the program: what is committed on both is committed at once. A program that uses
 * it may die at any call, and then nothing it has begun goes on. Small and fast: it answers only what a log is asked.
 */
import { lock } from '../../../lib/lock.js'
import type { Id, Store, Transaction, TransactionOptions } from '../../../lib/store.js'

export type Thing = Record<string, unknown>
export type Table = Map<string, Thing>

export interface Disk {
  readonly objects: Table
  readonly log: Table
  /** What a program sees of it, until it dies after so many calls. */
  mount(life: { calls: number }): { readonly primary: Store; readonly log: Store }
}

/** A disk; `committed` is told what each commit has changed in the log: what was there, and what is there now. */
export function disk(committed: (was: Thing | undefined, is: Thing | undefined) => void): Disk {
  const objects: Table = new Map()
  const log: Table = new Map()

  function mount(life: { calls: number }) {
    const gate = lock()
    let open: { tables: Map<Table, Table>; members: number; release(): void } | undefined

    const alive = () => (life.calls-- > 0 ? undefined : new Promise<never>(() => {}))

    async function begin({ group }: TransactionOptions = {}, table: Table): Promise<Transaction> {
      await alive()
      const joined = group?.join(gate) && open
      if (!joined) open = { tables: new Map(), members: 0, release: await gate.write() }
      const database = open as NonNullable<typeof open>
      const changed: Table = new Map()
      database.tables.set(table, changed)
      database.members++
      const read = (id: Id) => (changed.has(String(id)) ? changed.get(String(id)) : table.get(String(id)))
      const write = (id: Id, thing: Thing | undefined) => void changed.set(String(id), thing as Thing)
      return {
        get: id => alive() ?? read(id),
        put: (object, options) => alive() ?? keep(object, options?.id, write),
        delete(id) {
          const was = read(id) !== undefined
          write(id, undefined)
          return alive() ?? was
        },
        query: () => table.values(),
        commit: () => alive() ?? (--database.members === 0 ? land(database) : undefined),
        abort: () => alive() ?? database.release(),
      }
    }

    function land({ tables, release }: NonNullable<typeof open>): void {
      for (const [table, changed] of tables) {
        for (const [id, thing] of changed) {
          if (table === log && (thing?.heads || table.get(id)?.heads)) committed(table.get(id), thing)
          set(table, id, thing)
        }
      }
      release()
    }

    const store = (table: Table): Store => ({
      get: id => alive() ?? copy(table.get(String(id))),
      put: (object, options) => alive() ?? keep(object, options?.id, (id, thing) => set(table, String(id), thing)),
      delete: id => alive() ?? table.delete(String(id)),
      query: query => answer(table, String(query ?? '')),
      transaction: options => begin(options, table),
    })
    return { primary: store(objects), log: store(log) }
  }

  return { objects, log, mount }
}

function keep(object: Thing, id: unknown, write: (id: Id, thing: Thing) => void): Id {
  const own = (id ?? object.id) as Id
  write(own, copy(object) as Thing)
  return own
}

function set(table: Table, id: string, thing: Thing | undefined): void {
  if (thing) table.set(id, thing)
  else table.delete(id)
}

/** What is in it is never changed, only replaced. */
function copy(thing: Thing | undefined): Thing | undefined {
  return thing && { ...thing }
}

function answer(table: Table, query: string): Thing[] {
  const things = [...table.values()].filter(({ at }) => at !== undefined).sort((a, b) => Number(a.at) - Number(b.at))
  const after = /^at>(\d+)&sort\(at\)/.exec(query)
  if (after) return things.filter(({ at }) => Number(at) > Number(after[1]))
  if (query.startsWith('conflicted=true')) return things.filter(({ conflicted }) => conflicted)
  if (query.startsWith('at>0&sort(-at)')) return things.slice(-1)
  if (query === '') return [...table.values()]
  throw new Error(`this disk cannot answer ${query}`)
}
