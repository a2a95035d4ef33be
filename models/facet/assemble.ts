/** From what a holder gives to the whole object that is stored: what he may not write stays, or becomes, what it must be. */
import { type Issue, StoreError } from '../../lib/errors.js'
import type { Data } from '../../lib/store.js'
import { checkedCopy, copy, equal } from '../../lib/value.js'
import { own, put } from '../model/view.js'
import type { Policy } from './policy.js'
import { see } from './see.js'

/** Over what is stored; or a new object. All that is wrong is one `ValidationError`. */
export function assemble(given: Data, current: Data | undefined, policy: Policy): Data {
  const { readable, writable, setters, transient } = policy
  const seen = policy.blind ? undefined : current && see(current, policy)
  const next: Data = {}
  const issues: Issue[] = []
  for (const [name, value] of Object.entries(checkedCopy(given))) {
    if (transient.has(name)) continue
    const issue = objection(name, value, seen, policy)
    if (issue) issues.push(issue)
    else if (writable(name)) put(next, name, value)
  }
  if (policy.validate) issues.push(...policy.validate(next).filter(({ path }) => writable(String(path[0]))))
  for (const [name, set] of setters) {
    if (!Object.hasOwn(next, name) || (seen && equal(next[name], own(seen, name)))) continue
    try {
      const value = set.call({ ...next }, next[name], copy(own(current, name)))
      if (value !== undefined) put(next, name, value)
    } catch (error) {
      issues.push(issueOf(name, 'set', error instanceof Error ? error.message : 'is not accepted'))
    }
  }
  for (const [name, value] of Object.entries(current ?? {})) {
    // what cannot be seen is not given back by who has seen the object, and stays, too
    if (!Object.hasOwn(next, name) && !(writable(name) && readable(name))) put(next, name, value)
  }
  for (const name of policy.readonly) if (own(current, name) !== undefined) put(next, name, current?.[name])
  fill(next, current, policy)
  refuseFor(issues)
  return next
}

/** What has become of what was written must fulfil the rules of its properties, too. */
export function checkWritten(stored: Data, current: Data | undefined, { validate, writable }: Policy): void {
  const isNew = (name: string) => writable(name) && !equal(own(stored, name), own(current, name))
  refuseFor(validate?.(stored).filter(({ path }) => isNew(String(path[0]))) ?? [])
}

function refuseFor(issues: readonly Issue[]): void {
  if (issues.length === 0) return
  const text = issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')
  throw new StoreError('ValidationError', text, { issues })
}

/** What is wrong with giving this value. */
function objection(name: string, value: unknown, seen: Data | undefined, policy: Policy): Issue | undefined {
  const unchanged = seen !== undefined && Object.hasOwn(seen, name) && equal(value, seen[name])
  if (unchanged) return undefined
  if (!policy.writable(name)) return issueOf(name, 'writable', 'cannot be written here')
  if (policy.readonly.has(name) && own(seen, name) !== undefined) {
    return issueOf(name, 'readonly', 'is read-only and cannot be changed')
  }
  return undefined
}

function fill(next: Data, current: Data | undefined, { defaults, fixed }: Policy): void {
  for (const [name, make] of current ? [] : defaults) if (!Object.hasOwn(next, name)) put(next, name, make())
  for (const [name, value] of fixed) if (!Object.hasOwn(next, name)) put(next, name, copy(value))
}

function issueOf(name: string, keyword: string, message: string): Issue {
  return { path: [name], keyword, message }
}
