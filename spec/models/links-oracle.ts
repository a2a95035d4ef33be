/** The rules of links over plain objects: what must be left after deletions, worked out in the simplest way there is. */
export type OnDelete = 'restrict' | 'cascade' | 'detach' | undefined
export interface OracleLink {
  readonly rel: string
  readonly property: string
  readonly to: string
  readonly many: boolean
  readonly onDelete: OnDelete
}
export type Objects = Map<string, Map<number, Record<string, unknown>>>
export type Shape = ReadonlyMap<string, readonly OracleLink[]>

/** Deletes one after the other; `undefined` if that is refused at the end, and nothing changes. */
export function deleted(before: Objects, shape: Shape, targets: readonly (readonly [string, number])[]) {
  const after: Objects = new Map([...before].map(([name, objects]) => [name, new Map(objects)]))
  const gone = new Set<string>()
  for (const [name, id] of targets) {
    if (!after.get(name)?.delete(id)) continue
    const now = new Set([`${name}/${id}`])
    for (let size = 0; size < now.size; ) {
      size = now.size
      forEach(after, shape, (from, object, link, ids) => {
        if (link.onDelete !== 'cascade' || !ids.some(each => now.has(`${link.to}/${each}`))) return
        now.add(`${from}/${object.id}`)
        after.get(from)?.delete(object.id as number)
      })
    }
    forEach(after, shape, (from, object, link, ids) => {
      if (link.onDelete !== 'detach' || !ids.some(each => now.has(`${link.to}/${each}`))) return
      const { [link.property]: _, ...rest } = (after.get(from) as Map<number, Record<string, unknown>>).get(
        object.id as number,
      ) as Record<string, unknown>
      const left = ids.filter(each => !now.has(`${link.to}/${each}`))
      after.get(from)?.set(object.id as number, link.many ? { ...rest, [link.property]: left } : rest)
    })
    for (const each of now) gone.add(each)
  }
  let refused = false
  forEach(after, shape, (_from, _object, link, ids) => {
    if (link.onDelete !== undefined && ids.some(each => gone.has(`${link.to}/${each}`))) refused = true
  })
  return refused ? undefined : after
}

function forEach(
  objects: Objects,
  shape: Shape,
  work: (from: string, object: Record<string, unknown>, link: OracleLink, ids: readonly number[]) => void,
): void {
  for (const [from, own] of objects) {
    for (const link of shape.get(from) ?? []) {
      for (const object of [...own.values()]) {
        if (own.has(object.id as number)) work(from, object, link, idsOf(object, link.property))
      }
    }
  }
}

const idsOf = (object: Record<string, unknown>, property: string) =>
  [object[property] ?? []].flat() as unknown[] as readonly number[]
