/** What is done with a live object as a whole. */
import { equal } from '../../lib/value.js'
import type { Mark, Path, Step } from './change.js'
import { differences } from './differences.js'
import { type Node, nodeOf } from './node.js'
import type { Direction } from './past.js'
import type { Root } from './root.js'
import { show } from './tracked.js'

/** Makes the object the same as this data. */
export function become(root: Root, data: object, mark?: Mark): void {
  const changes = differences(root.data(), data)
  root.setting.together(() => {
    for (const { path, next } of changes) root.put(path, next, mark)
  })
}

/** Takes over what others made of the object that was stored; where it was changed here as well, that stands. */
export function merge(root: Root, base: object, found: object): void {
  const own = differences(base, root.data()).map(({ path }) => text(path))
  const changes = differences(base, found).filter(({ path }) => !own.some(each => overlap(each, text(path))))
  root.setting.together(() => {
    for (const { path, next } of changes) root.put(path, next, { external: true })
  })
}

/** Makes the object what is stored, and forgets what has happened since. */
export function revertTo(root: Root): void {
  const { saved, past, setting } = root
  look(root)
  setting.together(() => {
    if (!saved) {
      if (root.alive) root.delete()
    } else if (root.alive) become(root, saved.data)
    else {
      setting.rekey(root, saved.key)
      root.add(saved.data)
    }
  })
  past.forget(past.unlogged.length)
  setting.settled(root)
}

/** Undoes the last steps, or does them again. Gives how many: fewer, where there are no more. */
export function turn(root: Root, direction: Direction, count: number): number {
  root.admit()
  for (let turned = 0; turned < count; turned++) if (turnTogether([root], direction) === 0) return turned
  return count
}

/** Undoes the last step of each of these objects as one, or does it again, in the order in which that is possible. Gives of how many changes. */
export function turnTogether(roots: readonly Root[], direction: Direction): number {
  const made = roots.flatMap(root => root.past.next(direction).map(step => ({ root, step })))
  const sign = direction === 'undo' ? -1 : 1
  made.sort((one, other) => sign * (one.step.sequence - other.step.sequence))
  made[0]?.root.setting.together(() => {
    for (const { root, step } of made) turnOne(root, step, direction)
  })
  return made.length
}

function turnOne(root: Root, step: Step, direction: Direction): void {
  const { kind, path, previous, next, key, mark = {} } = step
  const isUndo = direction === 'undo'
  const [from, to] = isUndo ? [next, previous] : [previous, next]
  const turned: Mark = isUndo ? { undoes: step.sequence } : { redoes: step.sequence }
  const { alive } = root
  if (kind === 'update') {
    if (!alive || !equal(root.read(path), from)) throw root.changedPast()
    const renamed = mark.renamed === undefined ? undefined : isUndo ? key : mark.renamed
    root.put(path, to, { ...turned, ...(renamed !== undefined && { renamed }) })
    return
  }
  const goes = (kind === 'add') === isUndo
  if (alive !== goes) throw root.changedPast()
  if (goes) root.delete(turned)
  else {
    root.setting.rekey(root, key)
    root.add(to as object, turned)
  }
}

/** Finds what was done to the object unseen: properties that were deleted, arrays that were cut. */
export function look(root: Root, node: Node = root.top): void {
  if (!root.alive) return
  const { items, values, self } = node
  if (items) {
    const { length } = self as unknown[]
    if (length < items.length) root.replace(node, items.slice(0, length))
    else if (length > items.length) (self as unknown[]).length = items.length
  } else if (Object.keys(self).length !== node.size) {
    for (const name of Object.keys(values).filter(name => !Object.hasOwn(self, name))) {
      // an object keeps its key
      if (node === root.top && name === root.setting.keyProperty) show(node, name)
      else root.change(node, name, undefined)
    }
  }
  if (node.children === 0) return
  for (const value of Object.values(values)) {
    const child = nodeOf(value)
    if (child) look(root, child)
  }
}

const text = (path: Path) => JSON.stringify(path).slice(1, -1)

/** Is one of the paths the other, or above it? */
function overlap(one: string, other: string): boolean {
  return `${one},`.startsWith(`${other},`) || `${other},`.startsWith(`${one},`)
}
