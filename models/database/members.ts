/** The models of a database as it knows them: their stores, and their links put together. */
import type { Data, Id, Store } from '../../lib/store.js'
import { graph, type Node } from '../links/graph.js'
import type { Member, Network } from '../links/network.js'
import type { Class } from '../model/access.js'
import { internalsOf } from '../model/connect.js'
import { inheritedNames } from '../model/names.js'
import type { Models } from './types.js'

export type Members = Omit<Network, 'log'>

/** Takes the models in. A `TypeError` for what is no model, a name that is taken, and two models over one store. */
export function membersOf(models: Models, reserved: readonly string[]): Members {
  if (typeof models !== 'object' || models === null) throw new TypeError('a database needs models, by their names')
  const members = new Map<string, Member>()
  const nodes = new Map<string, Node>()
  const stores = new Map<Store, string>()
  for (const [name, given] of Object.entries(models)) {
    if (name === '' || reserved.includes(name)) {
      throw new TypeError(`no model of a database can be called ${JSON.stringify(name)}`)
    }
    const { store, given: under, setup, told, links } = internalsOf(given)
    const other = stores.get(under)
    if (other !== undefined) {
      throw new TypeError(`${other} and ${name} are over one store, where neither knows what the other deletes`)
    }
    stores.set(under, name)
    members.set(name, { name, store: store as Store<Data, Id>, setup, told, given: given as unknown as Class })
    nodes.set(name, {
      links,
      idProperty: setup.idProperty,
      properties: setup.schema.plain.properties as Node['properties'],
      methods: inheritedNames(given.prototype),
    })
  }
  return {
    graph: graph(nodes),
    names: [...members.keys()],
    member: name => members.get(name) as Member,
  }
}
