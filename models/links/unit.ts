/** The rules of links inside one transaction: what follows a deletion is done at once, what must hold is checked at its end. */
import { type Issue, StoreError } from '../../lib/errors.js'
import { toKey } from '../../lib/id.js'
import { type Expression, expression } from '../../lib/query/expression.js'
import type { Data, DeleteOptions, Id, MaybePromise } from '../../lib/store.js'
import { settle, when } from '../../lib/when.js'
import { each } from './each.js'
import type { Rule } from './graph.js'
import { chunks, found, holding, keysIn, keysOf, type Place, placesIn, present } from './ids.js'
import type { Network, Targets } from './network.js'

/** What an object that is written links to, by those links that may not lead nowhere. */
export type Held = readonly { readonly rule: Rule; readonly places: readonly Place[] }[]

export interface Unit {
  /** An object has been written. */
  wrote(model: string, method: 'put' | 'add', id: Id, held: Held): void
  /** Deletes an object and does what the links to it demand. */
  erase(model: string, id: Id, options?: DeleteOptions): MaybePromise<boolean>
  /** Throws a `ConstraintError` if a link leads nowhere now that may not. */
  check(): MaybePromise<void>
}

/** What an object links to by rules. */
export function heldBy(object: object, rules: readonly Rule[]): Held {
  if (rules.length === 0 || typeof object !== 'object' || object === null) return []
  return rules
    .map(rule => ({ rule, places: placesIn(object, rule.property) }))
    .filter(({ places }) => places.length > 0)
}

interface Written {
  readonly model: string
  readonly method: string
  readonly id: Id
  readonly held: Held
}

export function unit({ graph, member }: Network, targets: Targets): Unit {
  const written = new Map<string, Map<Id, Written>>()
  const restricted: { readonly rule: Rule; readonly keys: readonly Id[] }[] = []
  let broken: { readonly error: unknown } | undefined

  const writtenOf = (model: string) => {
    const known = written.get(model) ?? new Map<Id, Written>()
    if (known.size === 0) written.set(model, known)
    return known
  }
  const idOf = (model: string, object: Data) => object[member(model).setup.idProperty] as Id
  const required = (model: string) => targets(model) as Required<ReturnType<Targets>>

  /** What must become of those that link to what was just deleted, and then of those that link to them. */
  function follow(model: string, id: Id, options: DeleteOptions): MaybePromise<void> {
    const levels = [new Map([[model, [toKey(id)]]])]
    return each(levels, level => {
      const next = new Map<string, Id[]>()
      const todo = [...level].flatMap(([to, keys]) => graph.rulesInto(to).map(rule => ({ rule, keys })))
      const done = each(todo, ({ rule, keys }) => {
        if (rule.onDelete === 'restrict') return void restricted.push({ rule, keys })
        const { signal } = options
        return each(chunks(keys), part => {
          const gone = new Set(part)
          return when(found(targets(rule.from), holding(rule, part), { signal }), objects =>
            each([...objects], object =>
              when(answer(rule, object, gone, options), deleted => deleted && note(next, rule, object)),
            ),
          )
        })
      })
      return when(done, () => next.size > 0 && void levels.push(next))
    })
  }

  function note(level: Map<string, Id[]>, { from }: Rule, object: Data): void {
    const key = toKey(idOf(from, object))
    writtenOf(from).delete(key)
    if (graph.rulesInto(from).length > 0) level.set(from, [...(level.get(from) ?? []), key])
  }

  /** Deletes the object, or makes it stay without the link. Has it been deleted? */
  function answer(rule: Rule, object: Data, gone: ReadonlySet<Id>, options: DeleteOptions): MaybePromise<boolean> {
    const target = required(rule.from)
    const id = idOf(rule.from, object)
    if (rule.onDelete === 'cascade') return target.delete(id, options)
    const rest = detached(rule, object, gone)
    const wrong = (data: Data) => member(rule.from).told.validate?.(data) ?? []
    const issues = wrong(rest)
    if (issues.length > 0 && wrong(object).length === 0) {
      const message = `${rule.from}/${id} would not be valid without its link ${rule.rel}`
      throw new StoreError('ConstraintError', message, { method: 'delete', id, issues })
    }
    const known = written.get(rule.from)?.get(toKey(id))
    if (known) writtenOf(rule.from).set(toKey(id), { ...known, held: heldBy(rest, graph.rulesFrom(rule.from)) })
    return when(target.put(rest, { ...options, id }), () => false)
  }

  function checkWritten(): MaybePromise<void> {
    const all = [...written.values()].flatMap(known => [...known.values()])
    const wanted = new Map<string, Set<Id>>()
    for (const { held } of all) {
      for (const { rule, places } of held) {
        const keys = wanted.get(rule.to) ?? new Set()
        for (const key of keysOf(places.map(({ value }) => value))) keys.add(key)
        wanted.set(rule.to, keys)
      }
    }
    const there = new Map<string, ReadonlySet<Id>>()
    const asking = each(wanted, ([model, keys]) =>
      when(present(targets(model), member(model).setup.idProperty, [...keys]), known => void there.set(model, known)),
    )
    return when(asking, () => {
      for (const each of all) refuseDangling(each, there)
      written.clear()
    })
  }

  function checkRestricted(): MaybePromise<void> {
    const linking = (rule: Rule, keys: readonly Id[]) =>
      when(found(targets(rule.from), limited(holding(rule, keys))), ([object]) => object)
    return when(
      each(restricted, ({ rule, keys }) =>
        each(chunks(keys), part =>
          when(linking(rule, part), object => {
            if (!object) return
            // what has been stored again may be linked to
            return when(present(targets(rule.to), member(rule.to).setup.idProperty, part), there => {
              const gone = part.filter(key => !there.has(key))
              return when(gone.length > 0 ? linking(rule, gone) : undefined, object => {
                if (object) refuseDeletion(rule, object, gone)
              })
            })
          }),
        ),
      ),
      () => void restricted.splice(0),
    )
  }

  function refuseDeletion(rule: Rule, object: Data, gone: readonly Id[]): never {
    const id = keysIn(object, rule.property).find(key => gone.includes(key)) as Id
    const message = `${rule.to}/${id} cannot be deleted: ${rule.from}/${idOf(rule.from, object)} links to it as ${rule.rel}`
    throw new StoreError('ConstraintError', message, { method: 'delete', id })
  }

  return {
    wrote(model, method, id, held) {
      if (held.length > 0 || written.has(model)) writtenOf(model).set(toKey(id), { model, method, id, held })
    },
    erase(model, id, { ifMatch, ...options } = {}) {
      return when(required(model).delete(id, ifMatch === undefined ? options : { ...options, ifMatch }), deleted => {
        if (!deleted) return false
        written.get(model)?.delete(toKey(id))
        return settle(
          () => follow(model, id, options),
          () => true,
          error => {
            broken = { error }
            throw error
          },
        )
      })
    },
    check() {
      // who goes on after a deletion was half done must not keep the half
      if (broken) throw broken.error
      return when(checkWritten(), checkRestricted)
    },
  }
}

function limited(condition: Expression): Expression {
  return expression('and', condition, expression('limit', 1))
}

/** The object without the links to these keys. */
function detached({ property, array }: Rule, object: Data, gone: ReadonlySet<Id>): Data {
  const { [property]: value, ...rest } = object
  if (!array) return rest
  const stays = (each: unknown) => !keysOf([each]).some(key => gone.has(key))
  return { ...object, [property]: [value].flat().filter(stays) }
}

/** Throws if one of the links leads nowhere. */
function refuseDangling({ model, method, id, held }: Written, there: ReadonlyMap<string, ReadonlySet<Id>>): void {
  const issues: Issue[] = held.flatMap(({ rule, places }) =>
    places
      .filter(({ value }) => !keysOf([value]).some(key => there.get(rule.to)?.has(key)))
      .map(({ path }) => ({ path, keyword: 'links', message: `leads to nothing in ${rule.to}` })),
  )
  const [first] = issues
  if (!first) return
  const message = `${model}/${id} cannot be stored: its ${first.path[0]} ${first.message}`
  throw new StoreError('ConstraintError', message, { method, id, issues: issues.slice(0, 20) })
}
