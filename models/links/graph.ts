/** All links of a database: each from both of its ends, and the rules that they bring. */
import { type CheckedLink, holdsMany, type OnDelete } from '../links.js'
import { refuse } from '../schema/plain.js'

/** A link as it is seen from the objects of one model. */
export interface End {
  readonly rel: string
  readonly from: string
  readonly to: string
  /** Where the ids are: do the objects of `from` have those of the others, or these theirs? */
  readonly forward: boolean
  readonly property: string
  /** Does the property hold an array of ids? */
  readonly array: boolean
  /** May it lead to more than one? */
  readonly many: boolean
}

/** A link that may not lead nowhere. */
export interface Rule extends End {
  readonly onDelete: OnDelete
}

/** What has to be known of a model. */
export interface Node {
  readonly links: readonly CheckedLink[]
  readonly properties: Readonly<Record<string, unknown>>
  readonly idProperty: string
  /** The names of methods of its instances. */
  readonly methods: readonly string[]
}

export interface Graph {
  /** The links of a model's objects, by their rel. */
  ends(model: string): ReadonlyMap<string, End>
  /** Which links of the model may not lead nowhere. */
  rulesFrom(model: string): readonly Rule[]
  /** Which links may not lead nowhere when an object of the model is deleted. */
  rulesInto(model: string): readonly Rule[]
  /** The models that rules connect with this one, itself among them. */
  reach(model: string): readonly string[]
}

/** Puts the links of all models together. A `TypeError` says which one leads to no model, or bears a name that is taken. */
export function graph(nodes: ReadonlyMap<string, Node>): Graph {
  const ends = new Map([...nodes.keys()].map(name => [name, new Map<string, End>()]))
  const rules: Rule[] = []

  function add(end: End): void {
    const { from, rel } = end
    const { properties, methods } = nodes.get(from) as Node
    const taken = (problem: string) => refuse([from], `the link ${JSON.stringify(rel)} ${problem}`)
    if (Object.hasOwn(properties, rel)) taken('has the name of a property')
    if (methods.includes(rel)) taken('has the name of a method')
    const known = ends.get(from) as Map<string, End>
    if (known.has(rel)) taken('is there twice')
    known.set(rel, Object.freeze(end))
  }

  for (const [from, { links, properties, methods }] of nodes) {
    for (const name of ['link', 'links']) {
      const kind = Object.hasOwn(properties, name) ? 'property' : methods.includes(name) ? 'method' : undefined
      if (kind) refuse([from], `a ${kind} is called ${name}, as what follows links is in a database`)
    }
    for (const { rel, model: to, property, own: forward, inverse, onDelete } of links) {
      const target = nodes.get(to)
      const says = (problem: string): never => refuse([from], `the link ${JSON.stringify(rel)} ${problem}`)
      if (!target) says(`leads to ${JSON.stringify(to)}, and the database has no such model`)
      const holder = forward ? properties : (target as Node).properties
      const declared = Object.hasOwn(holder, property) || property === (forward ? nodes.get(from) : target)?.idProperty
      if (!declared) says(`needs the property ${property}, which ${forward ? from : to} does not declare`)
      const array = holdsMany(holder[property])
      const end: End = { rel, from, to, forward, property, array, many: array || !forward }
      add(end)
      if (inverse !== undefined) add({ ...end, rel: inverse, from: to, to: from, forward: false, many: true })
      if (onDelete !== undefined) rules.push({ ...end, onDelete })
    }
  }

  const reaches = reachesOf([...nodes.keys()], rules)
  const by = (side: 'from' | 'to') =>
    new Map([...nodes.keys()].map(name => [name, rules.filter(rule => rule[side] === name)]))
  const [rulesFrom, rulesInto] = [by('from'), by('to')]
  return {
    ends: model => ends.get(model) as Map<string, End>,
    rulesFrom: model => rulesFrom.get(model) as Rule[],
    rulesInto: model => rulesInto.get(model) as Rule[],
    reach: model => reaches.get(model) as readonly string[],
  }
}

function reachesOf(models: readonly string[], rules: readonly Rule[]): ReadonlyMap<string, readonly string[]> {
  const reaches = new Map<string, readonly string[]>(models.map(model => [model, [model]]))
  for (const { from, to } of rules) {
    const both = [...new Set([...(reaches.get(from) ?? []), ...(reaches.get(to) ?? [])])]
    for (const model of both) reaches.set(model, both)
  }
  return reaches
}
