/** What a migration has done, or would do, as data and as text for a person. */
import type { Issue } from '../../lib/errors.js'
import type { Id } from '../../lib/store.js'
import type { Difference, Kind } from './diff.js'

/** An object that is not as the model wants it, and why. */
export interface Found {
  readonly id: Id
  /** The version that wrote it; 0 for none. */
  readonly version: number
  readonly issues: readonly Issue[]
}

/** In how many objects a property was added, removed or changed. */
export interface PropertyChanges extends Readonly<Record<Kind, number>> {
  readonly path: readonly string[]
}

export interface ObjectChanges {
  readonly id: Id
  readonly version: number
  readonly changes: readonly Difference[]
}

export interface MigrationReport {
  /** The version of the model; 0 if it has none. */
  readonly version: number
  /** Was nothing written? */
  readonly dryRun: boolean
  /** All objects that were looked at: the sum of the next four. */
  readonly checked: number
  /** Brought up to this version. */
  readonly migrated: number
  /** Of this version before, and valid. */
  readonly unchanged: number
  /** Left as they are, and not seen: of an earlier version and cannot be brought up, or of a later one. */
  readonly quarantined: readonly Found[]
  /** Of this version, and not valid: seen, and left as they are. */
  readonly invalid: readonly Found[]
  /** What became of the properties, those that objects have lost first. */
  readonly changes: readonly PropertyChanges[]
  /** The first objects that were changed, property by property. */
  readonly examples: readonly ObjectChanges[]
  /** As text: what a person must know. */
  toString(): string
}

/** Adds the text. */
export function withText(report: Omit<MigrationReport, 'toString'>): MigrationReport {
  const text = { value: () => print(report) }
  return Object.freeze(Object.defineProperty({ ...report } as MigrationReport, 'toString', text))
}

function print({ version, dryRun, ...report }: Omit<MigrationReport, 'toString'>): string {
  const { checked, migrated, unchanged, quarantined, invalid, changes, examples } = report
  return [
    version === 0 ? 'check of a model without version' : `migration to version ${version}${dryRun ? ', dry run' : ''}`,
    `  ${checked} checked: ${migrated} ${dryRun ? 'to migrate' : 'migrated'}, ${unchanged} unchanged, ` +
      `${quarantined.length} quarantined, ${invalid.length} invalid`,
    ...section('properties', changes.map(printChanges)),
    ...section('for example', examples.flatMap(printExample)),
    ...section('quarantined: left as they are, not seen, ids taken', first(quarantined)),
    ...section('invalid: of this version, left as they are', first(invalid)),
  ].join('\n')
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map(line => `  ${line}`)]
}

const signs: Readonly<Record<Kind, string>> = { removed: '-', added: '+', changed: '~' }

function printChanges({ path, removed, added, changed }: PropertyChanges): string {
  const counts = [
    removed > 0 && `lost by ${removed}`,
    added > 0 && `new in ${added}`,
    changed > 0 && `changed in ${changed}`,
  ].filter(Boolean)
  return `${removed > 0 ? '-' : added > 0 ? '+' : '~'} ${path.join('/')}: ${counts.join(', ')}`
}

function printExample({ id, version, changes }: ObjectChanges): string[] {
  return [
    `${id} (version ${version})`,
    ...changes.map(({ path, kind, previous, next }) => {
      const values = kind === 'removed' ? [previous] : kind === 'added' ? [next] : [previous, next]
      return `  ${signs[kind]} ${path.join('/')}: ${values.map(show).join(' → ')}`
    }),
  ]
}

/** The most objects that are listed in the text. */
const listed = 20

function first(found: readonly Found[]): string[] {
  const lines = found.slice(0, listed).map(({ id, version, issues }) => {
    const why = issues.map(({ path, message }) => [path.join('/'), message].filter(Boolean).join(' '))
    return `${id} (version ${version}): ${why.join('; ')}`
  })
  return found.length > listed ? [...lines, `and ${found.length - listed} more`] : lines
}

/** A value, short. */
function show(value: unknown): string {
  if (value === undefined) return '(not shown)'
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Uint8Array) return `${value.length} bytes`
  const text = JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each))
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
