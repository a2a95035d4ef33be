/** What was written, as the disks saw it: which version replaced which. Knows nothing of how nodes decide. */
import assert from 'node:assert/strict'
import type { Disk, Thing } from './disk.js'

interface Head {
  readonly stamp: string
  readonly text?: string
}

export interface History {
  /** A commit has changed what a node's log says of an object. */
  note(node: string, was: Thing | undefined, is: Thing | undefined): void
  /** A write was acknowledged. */
  acknowledge(token: number): void
  /** Somebody has said that a version that lost is not needed. */
  drop(conflict: { readonly id: unknown; readonly version: string }): void
  /** Is the write in the logs of so many nodes? */
  reached(token: number, disks: readonly Disk[]): number
  /** Nothing acknowledged is lost, nothing that was replaced is back. */
  check(disk: Disk): void
}

export function history(): History {
  // stamps are per object: a version is named by the object and its stamp
  const nameOf = (entry: Thing | undefined, { stamp }: Head) => `${entry?.key} ${stamp}`
  /** The version that each version replaced, as soon as it is on a disk. */
  const parents = new Map<string, string | undefined>()
  const replaced = new Set<string>()
  const written = new Map<number, { key: unknown; stamp: string }>()
  const acknowledged = new Set<number>()
  const deletes = new Map<string, unknown>()
  const dropped = new Set<string>()

  return {
    note(node, was, is) {
      const before = (was?.heads ?? []) as Head[]
      for (const head of (is?.heads ?? []) as Head[]) {
        const version = nameOf(is, head)
        if (!head.stamp.endsWith(`-${node}`) || parents.has(version)) continue
        const parent = before[0] && nameOf(is, before[0])
        parents.set(version, parent)
        if (parent) replaced.add(parent)
        if (head.text === undefined) deletes.set(version, is?.key)
        else written.set(JSON.parse(head.text).token, { key: is?.key, stamp: head.stamp })
      }
    },
    acknowledge: token => void acknowledged.add(token),
    drop: ({ id, version }) => void dropped.add(`${id} ${version}`),
    reached(token, disks) {
      const { key, stamp } = written.get(token) ?? assert.fail(`acknowledged, but on no disk: ${token}`)
      const [, , node] = stamp.split('-')
      return disks.filter(({ log }) =>
        ((log.get(`object ${key}`)?.seen ?? []) as string[]).some(seen => seen.endsWith(`-${node}`) && seen >= stamp),
      ).length
    },
    check({ log }) {
      const kept = new Set<string>()
      const keep = (stamp: string | undefined) => {
        for (let each = stamp; each !== undefined && !kept.has(each); each = parents.get(each)) kept.add(each)
      }
      for (const entry of log.values()) {
        for (const head of (entry.heads ?? []) as Head[]) {
          const version = nameOf(entry, head)
          assert.ok(!replaced.has(version), `back again, though it was replaced: ${version}`)
          keep(version)
        }
      }
      for (const version of dropped) keep(version)
      // two deletes that had not seen each other are one
      for (const [version, key] of deletes) {
        if (kept.has(version)) for (const [other, otherKey] of deletes) if (otherKey === key) keep(other)
      }
      for (const token of acknowledged) {
        const { key, stamp } = written.get(token) as { key: unknown; stamp: string }
        assert.ok(kept.has(`${key} ${stamp}`), `acknowledged and lost: ${token}`)
      }
    },
  }
}
