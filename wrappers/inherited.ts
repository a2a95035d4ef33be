import { derive, type Wrapped } from '../lib/derive.js'
import { StoreError } from '../lib/errors.js'
import { introduce } from '../lib/explain.js'
import { idPropertyOf } from '../lib/id-property.js'
import { hiddenMark, type Meaning, marked } from '../lib/marked.js'
import { checkStore } from '../lib/need.js'
import { node } from '../lib/query/expression.js'
import { can, type Id, type Store } from '../lib/store.js'
import { hierarchyOf, tag } from './inherited/hierarchy.js'

export interface InheritedOptions {
  /** The name of the type. It is stored with every object, outside the object. */
  readonly type: string
  /** The types right above it, in any number; they may be declared later. */
  readonly extends?: string | readonly string[] | undefined
  /** The property that holds an object's id: by default that of the inner store, where it says it, else `id`. */
  readonly idProperty?: string | undefined
}

/**
 * Objects of one type, and of all types that extend it, among others in the same inner store: one such wrapper for each
 * type, over the same store object. Nothing in an object can set its type: it has that of the wrapper through which it
 * was first put, until it is deleted. What is of another type is not found, but its id is taken: ids, indexes and
 * unique keys are those of the inner store. A put or a delete looks first, which costs a get and a comparison. All types
 * of which there are objects must be declared before one above them is read. Closing one closes the inner store.
 */
export function inherited<S extends Store>(inner: S, options: InheritedOptions): Wrapped<S>
export function inherited<T extends object, K extends Id>(
  inner: Store<T, K>,
  { type, extends: above = [], idProperty }: InheritedOptions,
): Store<T, K> {
  const types = typeof above === 'string' ? [above] : above
  check(inner, type, types)
  const hierarchy = hierarchyOf(inner)
  const family = hierarchy.declare(type, types)
  const mark = hiddenMark(tag)
  const meaning: Meaning<T, K> = {
    mark,
    idProperty: idPropertyOf(inner, idProperty),
    sees: type => family.has(type),
    condition: () => node('in', [tag, [...family]]),
    wish: () => undefined,
    next(stored, _, id) {
      const own = stored ? mark.of(stored) : type
      if (family.has(own)) return own
      throw new StoreError('ConstraintError', `something else is stored under ${id}`, { id })
    },
  }
  const store = derive<T, K>(inner, marked(inner, meaning, { begin: hierarchy.begin }))
  return introduce(store, {
    name: 'inherited',
    options: { type, extends: types.length > 0 ? types.join() : undefined },
    inner: [inner],
    numbers: () => ({ types: family.size }),
  })
}

function check(inner: Store, type: string, above: readonly string[]): void {
  checkStore(inner)
  for (const name of [type, ...above]) {
    if (typeof name === 'string' && name !== '' && name.isWellFormed()) continue
    throw new TypeError('a type, and what it extends, is named by a text that is not empty')
  }
  if (can(inner, 'get') || !(can(inner, 'put') || can(inner, 'delete'))) return
  throw new StoreError('NotSupportedError', 'types need a store with get, if it can put or delete')
}
