import { can } from '../../lib/store.js'
import type { Network } from '../links/network.js'

/** Tells the stores by which properties they will be asked for those that link to an object, so that they can keep an index. */
export function tellIndexes({ graph, names, member }: Network): void {
  for (const name of names) {
    const { store, told } = member(name)
    if (!can(store, 'setSchema')) continue
    // no index is kept on what stands in arrays
    const wanted = held(name).filter(property => told.properties?.[property]?.index === undefined)
    if (wanted.length === 0) continue
    const indexed = wanted.map(property => [property, { ...told.properties?.[property], index: true }] as const)
    store.setSchema({ ...told, properties: { ...told.properties, ...Object.fromEntries(indexed) } })
  }

  function held(name: string): readonly string[] {
    const ways = names.flatMap(other => [...graph.ends(other).values()])
    const back = ways.filter(({ forward, array, to }) => !forward && !array && to === name)
    const rules = graph.rulesFrom(name).filter(({ array }) => !array)
    const { idProperty } = member(name).setup
    return [...new Set([...back, ...rules].map(({ property }) => property))].filter(each => each !== idProperty)
  }
}
