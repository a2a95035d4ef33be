import { realpathSync } from 'node:fs'
import { holderOf } from '../../stores/files/exclusive-now.js'
import type { Finding } from './finding.js'

/** Who has a store open to write to it. A directory has several locks. */
export function* locksOf(path: string): Generator<Finding> {
  const real = realOf(path)
  const told = new Set<string>()
  for (const lock of [real, `${real}#alone`, `${real}#shared`]) {
    const holder = holderOf(lock)
    if (holder === undefined || told.has(holder)) continue
    told.add(holder)
    const who = holder === '' ? 'a process that does not say which' : `process ${holder}`
    yield { level: 'note', about: 'lock', text: `${path} is open in ${who}`, remedy: 'others can read it meanwhile' }
  }
}

function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
