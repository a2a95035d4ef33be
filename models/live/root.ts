/** One live object as a whole: what it holds, under which key, whether it is there, and what happened to it. */
import { StoreError } from '../../lib/errors.js'
import { checkId, sameId, toKey } from '../../lib/id.js'
import type { Data, Id } from '../../lib/store.js'
import { copy, equal } from '../../lib/value.js'
import { type LiveChange, type Mark, type Path, Step, whole } from './change.js'
import { type Node, nodeOf, type Owner, pathOf, pathTo, plain, plainOf } from './node.js'
import { type Past, past } from './past.js'
import type { Saved, Setting } from './setting.js'
import { place, refill, remove, tracked } from './tracked.js'

export class Root implements Owner {
  key: Id
  alive = false
  readonly setting: Setting
  readonly top: Node
  readonly past: Past
  /** Of a transaction that has changed it and has not ended. */
  holder: object | undefined
  /** Counts the changes. */
  version = 0
  /** Is it not in the store as it is here? And is that to be changed? */
  isDirty = false
  isDue = false
  /** Why it could not be saved. */
  problem: unknown
  /** The sequence of its first change ever: what its records in the log have in common. */
  origin: number | undefined

  #saved: Saved | undefined
  /** In this epoch its changes concern nobody. */
  #unseen = 0

  constructor(setting: Setting, key: Id, steps: readonly Step[] = []) {
    this.setting = setting
    this.key = key
    this.past = past(steps, setting.undoLimit)
    this.top = tracked({}, this, setting.prototype)
  }

  /** What the store has of it; `undefined` if that is nothing. */
  get saved(): Saved | undefined {
    return this.#saved
  }

  set saved(next: Saved | undefined) {
    this.#saved = next
    this.setting.moved(this)
  }

  get object(): object {
    return this.top.self
  }

  data(): Data {
    return plainOf(this.top) as Data
  }

  /** Is as it was stored: nothing is written down. */
  load(saved: Saved | undefined): void {
    this.saved = saved
    this.alive = saved !== undefined
    if (saved) this.#fill(saved.data)
  }

  add(data: object, mark?: Mark): void {
    this.admit()
    this.#fill(data)
    this.alive = true
    this.#note('add', whole, undefined, copy(data), mark)
  }

  delete(mark?: Mark): void {
    this.admit()
    this.alive = false
    this.setting.epoch++
    this.#note('delete', whole, this.data(), undefined, mark)
  }

  change(node: Node, name: string | number, next: unknown): void {
    const { setting, key } = this
    if (
      this.#unseen === setting.epoch &&
      name !== setting.keyProperty &&
      isSimple(node.values[name]) &&
      isSimple(next)
    ) {
      node.values[name] = next
      this.version++
      return
    }
    this.#changeable()
    const isTop = node === this.top
    const mark = isTop && name === setting.keyProperty ? this.#renaming(next) : undefined
    const path = isTop ? pathOf(name) : pathTo(node, name)
    const previous = plain(node.values[name])
    if (mark) setting.rekey(this, mark.renamed as Id)
    if (next === undefined) remove(node, name)
    else place(node, name, next)
    this.#note('update', path, previous, copy(next), mark, key)
  }

  replace(node: Node, items: readonly unknown[]): void {
    this.#changeable()
    const parent = node.parent as Node
    const previous = plainOf(node) as unknown[]
    refill(node, items)
    const next = plainOf(node) as unknown[]
    const start = shared(previous, next)
    // one more or less at the end is a change of one item, however long the array is
    const isShort = start === Math.min(next.length, previous.length)
    const by = next.length - previous.length
    if (isShort && by === 0) return
    if (isShort && Math.abs(by) === 1) {
      this.#note('update', pathTo(node, start), previous[start], next[start])
    } else this.#note('update', pathTo(parent, node.name), previous, next)
  }

  /** Changes what a path leads to, as others do that have no hand on the object. */
  put(path: Path, next: unknown, mark?: Mark): void {
    this.#changeable()
    const key = this.key
    const renaming =
      mark?.renamed === undefined && path.length === 1 && path[0] === this.setting.keyProperty
        ? this.#renaming(next)
        : undefined
    const renamed = mark?.renamed ?? renaming?.renamed
    const previous = this.read(path)
    if (renamed !== undefined) this.setting.rekey(this, renamed)
    this.#write(path, next)
    this.#note('update', path, previous, copy(next), mark || renaming ? { ...mark, ...renaming } : undefined, key)
  }

  /** Takes the change back as if it had never been. */
  withdraw({ kind, key, path, previous, mark }: Step): void {
    if (kind === 'update') {
      if (mark?.renamed !== undefined) this.setting.rekey(this, key)
      this.#write(path, previous)
    } else {
      if (kind === 'delete') this.#fill(previous as object)
      this.alive = kind === 'delete'
    }
    this.version++
  }

  /** What it was to be changed from is not there. */
  changedPast(): StoreError {
    const message = `${this.key} is no longer as the change has left it: it was changed past its history`
    return new StoreError('PreconditionFailedError', message, { id: this.key })
  }

  #note(kind: LiveChange['kind'], path: Path, previous: unknown, next: unknown, mark?: Mark, key = this.key): void {
    const { setting } = this
    this.version++
    if (setting.unseen(this)) {
      this.#unseen = setting.epoch
      return
    }
    const step = new Step(setting.sequence(), kind, key, path, previous, next, setting.moment(), mark)
    this.origin ??= step.sequence
    setting.made(this, step)
  }

  /** Throws if it may not be changed now. */
  admit(): void {
    this.setting.admit(this)
  }

  #changeable(): void {
    this.setting.admit(this)
    if (this.alive) return
    const message = `${this.key} has been deleted: undo(object) brings it back`
    throw new StoreError('InvalidStateError', message, { id: this.key })
  }

  #renaming(next: unknown): Mark | undefined {
    const id = checkId(next as Id)
    return sameId(id, this.key) ? undefined : { renamed: toKey(id) }
  }

  #fill(data: object): void {
    for (const name of Object.keys(this.top.values)) if (!Object.hasOwn(data, name)) remove(this.top, name)
    for (const [name, value] of Object.entries(data)) place(this.top, name, copy(value))
  }

  /** What a path leads to. */
  read(path: Path): unknown {
    return plain(this.#at(path).values[path.at(-1) as string])
  }

  /** An array stays the same array, for those who hold it. */
  #write(path: Path, value: unknown): void {
    const node = this.#at(path)
    const name = path.at(-1) as string | number
    const array = nodeOf(node.values[name])
    if (array?.items && Array.isArray(value)) refill(array, copy(value))
    else if (value !== undefined) place(node, name, copy(value))
    else if (node.values[name] !== undefined) remove(node, name)
  }

  /** The node with the property that a path leads to. */
  #at(path: Path): Node {
    let node = this.top
    for (const name of path.slice(0, -1)) {
      const next = nodeOf(node.values[name])
      if (!next) throw this.changedPast()
      node = next
    }
    return node
  }
}

/** The whole of which a live object is, or is part of. A `TypeError` for another. */
export function rootOf(object: object): Root {
  const owner = nodeOf(object)?.owner
  if (owner instanceof Root) return owner
  throw new TypeError('a live object is expected: one that a live store has given')
}

function isSimple(value: unknown): boolean {
  return value !== undefined && typeof value !== 'object'
}

/** How many items two arrays have in common at their beginning. */
function shared(one: readonly unknown[], other: readonly unknown[]): number {
  const length = Math.min(one.length, other.length)
  for (let at = 0; at < length; at++) if (!equal(one[at], other[at])) return at
  return length
}
