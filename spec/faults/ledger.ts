import type { Data } from '../../lib/store.js'

/** An object that is put into one of the stores, or with no object an id that is deleted from it. */
export interface Write {
  readonly store: number
  readonly id: string
  readonly object?: Data | undefined
}

/** Writes that are there whole or not at all. */
export interface Entry {
  /** They were acknowledged: they are there. */
  done(): void
  /** They were refused: they are not there, and never will be. */
  failed(): void
  /** Nobody knows: they may be there, or come later. */
  unknown(): void
}

/** Knows what stores may hold: everything that was acknowledged, and of the rest each set of writes or not. */
export interface Ledger {
  /** Another number after each change of what may be there. */
  readonly version: number
  /** Writes that begin now. Until more is said of them they may be there or not. */
  begin(writes: readonly Write[]): Entry
  /** What there may be when the process ended: contents as text. */
  afterKill(): ReadonlySet<string>
  /** What there may be when the power was cut. */
  afterCut(): ReadonlySet<string>
  /** This is what there is: all is settled. */
  settle(content: string): void
}

type Model = readonly ReadonlyMap<string, Data>[]
type Known = { readonly writes: readonly Write[]; state: 'open' | 'done' | 'unknown' }

export function ledger(content: string, durability: 'strict' | 'relaxed' = 'strict'): Ledger {
  let base = parse(content)
  let line: Known[] = []
  /** With relaxed durability: what there was earlier, and may be again. */
  const earlier: string[] = []
  let version = 0
  let possible: ReadonlySet<string> | undefined

  function changed(): void {
    version++
    possible = undefined
  }

  /** What nobody can take back any more. */
  function fold(): void {
    while (line[0]?.state === 'done') {
      if (durability === 'relaxed') earlier.push(print(base))
      base = apply(base, (line.shift() as Known).writes)
    }
    changed()
  }

  function afterKill(): ReadonlySet<string> {
    possible ??= new Set(outcomes(base, line).map(print))
    return possible
  }

  return {
    get version() {
      return version
    },
    begin(writes) {
      const known = { writes, state: 'open' } as Known
      line.push(known)
      changed()
      return {
        done() {
          known.state = 'done'
          fold()
        },
        failed() {
          line = line.filter(each => each !== known)
          fold()
        },
        unknown() {
          known.state = 'unknown'
          changed()
        },
      }
    },
    afterKill,
    afterCut: () => (earlier.length === 0 ? afterKill() : new Set([...earlier, ...partly(base, line)])),
    settle(content) {
      base = parse(content)
      line = []
      changed()
    },
  }
}

/** What there may be after a line of writes. */
function outcomes(base: Model, line: readonly Known[]): Model[] {
  let states: { readonly model: Model; readonly late: readonly Known[] }[] = [{ model: base, late: [] }]
  for (const { writes, state } of line) {
    states = states.flatMap(({ model, late }) => {
      const after = { model: apply(model, writes), late }
      if (state === 'done') return [after]
      return [after, { model, late: state === 'unknown' ? [...late, { writes, state }] : late }]
    })
    // what nobody knows of may come at any time
    for (const { model, late } of states) {
      for (const each of late) {
        states.push({ model: apply(model, each.writes), late: late.filter(other => other !== each) })
      }
    }
  }
  return states.map(({ model }) => model)
}

/** With relaxed durability: the first so many sets of those that were not refused. */
function partly(base: Model, line: readonly Known[]): string[] {
  let models = [base]
  for (const { writes } of line) models = [...models, ...models.map(model => apply(model, writes))]
  return models.map(print)
}

/** The content after some writes. */
export function after(content: string, writes: readonly Write[]): string {
  return print(apply(parse(content), writes))
}

function apply(model: Model, writes: readonly Write[]): Model {
  const next = [...model] as Map<string, Data>[]
  for (const { store, id, object } of writes) {
    const objects = new Map(next[store])
    if (object) objects.set(id, object)
    else objects.delete(id)
    next[store] = objects
  }
  return next
}

function parse(content: string): Model {
  return (JSON.parse(content) as Data[][]).map(objects => new Map(objects.map(each => [String(each.id), each])))
}

function print(model: Model): string {
  return JSON.stringify(model.map(objects => [...objects.keys()].sort().map(id => objects.get(id))))
}
