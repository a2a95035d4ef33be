/** Methods that the store has not. */
import type { opening } from './opening.js'
import { checkedAfter } from './realm.js'
import type { OwnMethod } from './shell.js'

/** The methods that are open and not the store's: functions of the rules, and those of what is underneath. */
export function further(
  { open, functions }: ReturnType<typeof opening>,
  names: readonly string[],
  call: (name: string) => OwnMethod,
): Record<string, OwnMethod> {
  const found: Record<string, OwnMethod> = {}
  for (const name of names) if (open(name) && !functions.has(name)) found[name] = call(name)
  for (const [name, own] of functions) {
    const call = checkedAfter(own as () => unknown)
    found[name] = (_, self, args) => Reflect.apply(call, self, args)
  }
  return found
}
