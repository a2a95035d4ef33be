/** What is to be done about an object that is stored. */
import type { Issue } from '../../lib/errors.js'
import type { Data, MaybePromise } from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import type { BringUp } from './steps.js'
import { contentOf, markedAs, versionOf } from './version.js'

/** Checks an object as it is stored, without its mark. */
export type Check = (content: Data) => MaybePromise<readonly Issue[]>

/** An object as it is stored, and what it should be. */
export interface Assessed {
  readonly stored: Data
  readonly content: Data
  readonly version: number
  /** What it is to become, without and with its mark, if it is of an earlier version and can be brought up. */
  readonly next?: { readonly content: Data; readonly stored: Data }
  /** Why it cannot be what it should be. */
  readonly issues: readonly Issue[]
}

export type Assess = (stored: Data) => Promise<Assessed>

/** Of a model without a version, all objects are of this one. */
export function assessing(check: Check): Assess {
  return async stored => ({ stored, content: stored, version: 0, issues: await check(stored) })
}

/** Of a model with a version: earlier objects are brought up, to see what they become. */
export function assessingVersions(version: number, bringUp: BringUp, check: Check): Assess {
  return async stored => {
    const content = contentOf(stored)
    const found = { stored, content, version: versionOf(stored) }
    if (found.version > version) {
      const message = `is of version ${found.version}, later than ${version}: only the program that wrote it knows it`
      return { ...found, issues: [{ path: [], keyword: 'version', message }] }
    }
    if (found.version === version) return { ...found, issues: await check(content) }
    const brought = await bringUp(copy(content), found.version)
    if ('issues' in brought) return { ...found, issues: brought.issues }
    const issues = await check(brought.next)
    if (issues.length > 0) return { ...found, issues }
    return { ...found, issues, next: { content: brought.next, stored: markedAs(version, brought.next) } }
  }
}
