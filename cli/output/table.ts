import { stringify } from '../../lib/json.js'
import type { World } from '../world.js'
import { paintFor } from './paint.js'
import { safe } from './safe.js'
import { writeLine } from './write.js'

/** How many rows are looked at before the widths are fixed. */
const looked = 100
const widest = 40

/** Writes objects as a table that fits the terminal, as they come. */
export async function writeTable(world: World, objects: AsyncIterable<unknown>): Promise<number> {
  const { bold, dim } = paintFor(world, world.stdout)
  let columns: Column[] | undefined
  let waiting: unknown[] = []
  let count = 0

  async function begin(): Promise<void> {
    columns = columnsOf(waiting, world.stdout.columns || 80)
    await writeLine(
      world,
      bold(
        columns
          .map(({ name, width }) => cut(safe(name), width))
          .join('  ')
          .trimEnd(),
      ),
    )
    for (const each of waiting) await row(each)
    waiting = []
  }

  async function row(object: unknown): Promise<void> {
    const cells = (columns ?? []).map(({ name, width, right }) => cut(text(valueIn(object, name)), width, right))
    await writeLine(world, cells.join('  ').trimEnd())
  }

  for await (const object of objects) {
    world.signal.throwIfAborted()
    count++
    if (columns) await row(object)
    else if (waiting.push(object) === looked) await begin()
  }
  if (!columns && waiting.length > 0) await begin()
  if (count > 1) await writeLine(world, dim(`${count} objects`), world.stderr)
  return count
}

interface Column {
  readonly name: string
  readonly width: number
  readonly right: boolean
}

/** The name of the one column of what is no object. */
const bare = 'value'

function valueIn(object: unknown, name: string): unknown {
  if (isNamed(object)) return Object.hasOwn(object, name) ? object[name as never] : undefined
  return name === bare ? object : undefined
}

const isNamed = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)

/** As many columns as there is room for; what does not fit is seen by `get`, or by `--json`. */
function columnsOf(rows: readonly unknown[], room: number): Column[] {
  const names = new Set(rows.flatMap(row => (isNamed(row) ? Object.keys(row) : [bare])))
  const columns: Column[] = []
  let left = room
  for (const name of names) {
    const values = rows.map(row => valueIn(row, name))
    const longest = Math.max(widthOf(safe(name)), ...values.map(value => widthOf(text(value))))
    const width = Math.min(longest, widest, Math.max(left, 8))
    if (columns.length > 0 && width > left) break
    columns.push({ name, width, right: values.every(value => value === undefined || typeof value === 'number') })
    left -= width + 2
  }
  return columns
}

function text(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return `<${value.length} bytes>`
  return safe(typeof value === 'string' ? value.replaceAll('\n', '\\n') : stringify(value))
}

function cut(given: string, width: number, right = false): string {
  let shown = given
  if (widthOf(given) > width) {
    shown = ''
    for (const character of given) {
      if (widthOf(shown) + widthOf(character) > width - 1) break
      shown += character
    }
    shown += '…'
  }
  const blank = ' '.repeat(Math.max(0, width - widthOf(shown)))
  return right ? blank + shown : shown + blank
}

/** The columns of a terminal that a text takes. */
function widthOf(given: string): number {
  if (/^[\u0020-\u02ff]*$/.test(given)) return given.length
  let width = 0
  for (const character of given) width += flat.test(character) ? 0 : wide.test(character) ? 2 : 1
  return width
}

const flat = /\p{Mark}|\u200d/u
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
