/** What effects a call may have, by the rules of a configuration: written apart from the facets, and sharing no code with them. */

type Row = Readonly<Record<string, unknown>>
type Effect =
  | { readonly kind: 'get'; readonly id: unknown }
  | { readonly kind: 'row'; readonly row: Row }
  | { readonly kind: 'write'; readonly before: Row | undefined; readonly after: Row | undefined }

export interface Granted {
  /** The methods that are open. */
  readonly methods: readonly string[]
  /** May this row be seen? */
  admits(row: Row): boolean
  /** Are rows admitted by a function, so that all have to be read? */
  readonly reads?: 'all'
  /** The properties that may be written. */
  writes(name: string): boolean
  /** What the facet itself fills in. */
  readonly fills?: Row
}

const writers = ['put', 'add', 'update', 'patch', 'delete', 'putAll', 'deleteAll', 'greet']

/** What is wrong with an effect; `undefined` if nothing is. */
export function violation(granted: Granted, effect: Effect, called: ReadonlySet<string>): string | undefined {
  const open = (...names: readonly string[]) => names.some(name => granted.methods.includes(name) && called.has(name))
  switch (effect.kind) {
    case 'get':
      return open('get', 'link', 'links', 'transaction', 'getAll', 'query', 'count', ...writers)
        ? undefined
        : `get of ${String(effect.id)}`
    case 'row': {
      const asked = open('query', 'count', 'deleteAll', 'add', 'put', 'putAll', 'patch', 'update')
      if (!asked && !open('transaction', 'everything', 'link', 'links')) return 'a query is not granted'
      return granted.reads === 'all' || granted.admits(effect.row)
        ? undefined
        : `the row ${String(effect.row.id)} is read`
    }
    case 'write':
      return wrong(granted, effect.before, effect.after, open)
  }
}

function wrong(
  { admits, writes, fills = {} }: Granted,
  before: Row | undefined,
  after: Row | undefined,
  open: (...names: readonly string[]) => boolean,
): string | undefined {
  if (before && !admits(before)) return `${String(before.id)} is written, which is not seen`
  if (!after) return open('delete', 'deleteAll') ? undefined : 'delete is not granted'
  if (!admits(after)) return `${String(after.id)} is written so that it is not seen`
  const granted = before ? open('put', 'update', 'patch', 'putAll') : open('add', 'put', 'putAll')
  if (!granted) return before ? 'put is not granted' : 'add is not granted'
  if (before && before.id !== after.id) return 'the id is changed'
  for (const name of new Set([...Object.keys(before ?? {}), ...Object.keys(after)])) {
    if (name === 'id' || writes(name) || same(before?.[name], after[name])) continue
    if (!before && same(fills[name], after[name])) continue
    return `${name} is written: ${JSON.stringify(after[name])}`
  }
  return undefined
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
