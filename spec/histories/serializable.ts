import { effects, same } from './effects.js'
import { type Edge, sorted } from './graph.js'
import { type Anomaly, type Effects, type Lists, print, type Transacted } from './transacted.js'

interface Node extends Effects {
  readonly each: Transacted
  /** Did it take effect? What did not is still to have seen one state: it counts as a transaction that only reads. */
  readonly committed: boolean
}

interface Writer {
  readonly node: number
  /** The last element that its transaction appended to this list. */
  readonly last: number
}

/** Who wrote an element. */
type Writers = ReadonlyMap<number, Writer>

/**
 * What is wrong with a history of transactions that append to lists, if anything: nothing, if there is an order of them
 * that agrees with time and in which each one sees exactly what those before it wrote (strict serializability). After Elle
 * (Kingsbury and Alvaro, VLDB 2020): elements are unique, so the lists themselves tell in which order they were written.
 * `final` is what was stored at the end. Linear in the length of the history and of the lists.
 */
export function serializable(history: readonly Transacted[], final: Lists): readonly Anomaly[] {
  const analysed = history.map(each => ({ each, ...effects(each) }))
  const remained = new Set([...final.values()].flat())
  const nodes = analysed.map(({ each, effects: { reads, appends } }): Node => {
    const visible = [...appends.values()].flat().some(element => remained.has(element))
    return { each, reads, appends, committed: each.outcome === 'ok' || (each.outcome === 'unknown' && visible) }
  })
  const writers = writersOf(nodes)
  const anomalies = [
    ...analysed.flatMap(found => found.anomalies),
    ...nodes.flatMap(node => wrongReads(node, nodes, writers, final)),
    ...wrongWrites(nodes, writers, final, remained),
  ]
  return anomalies.length > 0 ? anomalies : inOrder(nodes, writers, final)
}

function writersOf(nodes: readonly Node[]): Writers {
  const writers = new Map<number, Writer>()
  for (const [node, { appends }] of nodes.entries()) {
    for (const own of appends.values())
      for (const element of own) writers.set(element, { node, last: own.at(-1) as number })
  }
  return writers
}

/** Reads of what was never, not yet, or only for a while there. */
function wrongReads({ each, reads }: Node, nodes: readonly Node[], writers: Writers, final: Lists) {
  return [...reads].flatMap(([id, list]): Anomaly[] => {
    const anomaly = (name: string, what: string) => [{ name, message: `${id}: ${what}: ${print(each)}` }]
    for (const element of list) {
      const writer = writers.get(element)
      if (!writer) return anomaly('garbage', `nobody wrote ${element}`)
      if (!nodes[writer.node]?.committed) return anomaly('G1a', `saw ${element}, which was not committed`)
    }
    const last = list.at(-1)
    if (last !== undefined && writers.get(last)?.last !== last) {
      return anomaly('G1b', `saw ${last}, after which its transaction wrote more`)
    }
    const versions = final.get(id) ?? []
    return same(list, versions.slice(0, list.length)) ? [] : anomaly('incompatible', `in the end it is [${versions}]`)
  })
}

/** Writes that are gone, there twice, or there although they failed. */
function wrongWrites(nodes: readonly Node[], writers: Writers, final: Lists, remained: ReadonlySet<number>) {
  const anomalies: Anomaly[] = []
  for (const [id, versions] of final) {
    const found = new Set<number>()
    for (const element of versions) {
      const node = nodes[writers.get(element)?.node ?? -1]
      const is = (name: string, what: string) => anomalies.push({ name, message: `${id}: ${what} in [${versions}]` })
      if (!node?.appends.get(id)?.includes(element)) is('garbage', `nobody wrote ${element}`)
      else if (!node.committed) is('G1a', `${element} was not committed, and is there`)
      if (found.has(element)) is('duplicate', `${element} is twice`)
      found.add(element)
    }
  }
  for (const { each, appends, committed } of nodes) {
    for (const [id, own] of committed ? appends : []) {
      const lost = own.filter(element => !remained.has(element))
      if (lost.length > 0) anomalies.push({ name: 'lost', message: `${id}: ${lost} was lost: ${print(each)}` })
    }
  }
  return anomalies
}

/** Looks for the order, and does all again in it, to be sure. */
function inOrder(nodes: readonly Node[], writers: Writers, final: Lists): readonly Anomaly[] {
  const edges = [...dependencies(nodes, writers, final), ...inTime(nodes)]
  const { order, cycle } = sorted(nodes.length * 2, edges)
  if (cycle) return [cyclic(cycle, nodes)]
  const lists = new Map<string, number[]>()
  for (const position of order ?? []) {
    const node = nodes[position]
    if (!node) continue
    for (const [id, list] of node.reads) {
      if (!same(list, lists.get(id) ?? [])) return [{ name: 'replay', message: `${id} differs: ${print(node.each)}` }]
    }
    for (const [id, own] of node.committed ? node.appends : []) {
      lists.set(id, lists.get(id) ?? [])
      lists.get(id)?.push(...own)
    }
  }
  const differs = [...final].find(([id, list]) => !same(list, lists.get(id) ?? []))
  return differs ? [{ name: 'replay', message: `${differs[0]} is not [${differs[1]}] in the end` }] : []
}

/** Who wrote over whom (ww), who read whose (wr), and who read what whom wrote over (rw). */
function dependencies(nodes: readonly Node[], writers: Writers, final: Lists): Edge[] {
  const edges: Edge[] = []
  const add = (from: number | undefined, to: number | undefined, kind: string) => {
    if (from !== undefined && to !== undefined && from !== to) edges.push({ from, to, kind })
  }
  const writerOf = (element: number | undefined) => writers.get(element as number)?.node
  for (const versions of final.values()) {
    for (const [position, element] of versions.entries()) add(writerOf(versions[position - 1]), writerOf(element), 'ww')
  }
  for (const [node, { reads }] of nodes.entries()) {
    for (const [id, list] of reads) {
      add(writerOf(list.at(-1)), node, 'wr')
      add(node, writerOf(final.get(id)?.[list.length]), 'rw')
    }
  }
  return edges
}

/**
 * What had returned before another was called comes before it. A chain of moments, one for each return, says so with few
 * edges: their nodes stand behind those of the transactions.
 */
function inTime(nodes: readonly Node[]): Edge[] {
  const kind = 'time'
  const events = nodes.flatMap(({ each: { called, returned } }, node) => [
    { at: called, node, isCall: true },
    { at: returned, node, isCall: false },
  ])
  const edges: Edge[] = []
  let moment = nodes.length - 1
  for (const { at, node, isCall } of events.sort((a, b) => a.at - b.at)) {
    if (at === Infinity) break
    if (isCall && moment >= nodes.length) edges.push({ from: moment, to: node, kind })
    if (isCall) continue
    moment++
    if (moment > nodes.length) edges.push({ from: moment - 1, to: moment, kind })
    edges.push({ from: node, to: moment, kind })
  }
  return edges
}

function cyclic(cycle: readonly Edge[], nodes: readonly Node[]): Anomaly {
  const kinds = cycle.map(({ kind }) => kind)
  const against = kinds.filter(kind => kind === 'rw').length
  const name = against > 1 ? 'G2' : against === 1 ? 'G-single' : kinds.includes('wr') ? 'G1c' : 'G0'
  const steps = cycle.flatMap(({ from, kind }) => (nodes[from] ? [`${print(nodes[from].each)} –${kind}→`] : []))
  return {
    name: kinds.includes('time') ? `${name}-time` : name,
    message: `they see each other:\n  ${steps.join('\n  ')}`,
  }
}
