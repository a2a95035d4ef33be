import { type Anomaly, type Effects, print, type Transacted } from './transacted.js'

/** The reads and writes of a transaction, and where it did not see what it had itself seen or written (internal consistency). */
export function effects(each: Transacted): { readonly effects: Effects; readonly anomalies: readonly Anomaly[] } {
  const reads = new Map<string, readonly number[]>()
  const appends = new Map<string, number[]>()
  const anomalies: Anomaly[] = []
  for (const step of each.request) {
    if ('append' in step) {
      appends.set(step.append, [...(appends.get(step.append) ?? []), step.element])
      continue
    }
    const { read, list } = step
    const own = appends.get(read) ?? []
    const others = list.slice(0, list.length - own.length)
    const before = reads.get(read) ?? others
    if (same(list, [...before, ...own])) reads.set(read, before)
    else
      anomalies.push({ name: 'internal', message: `${read} is not what the transaction itself knew: ${print(each)}` })
  }
  return { effects: { reads, appends }, anomalies }
}

/** Are these the same elements in the same order? */
export function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((element, position) => element === b[position])
}
