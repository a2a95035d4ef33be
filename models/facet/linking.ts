/** Links as a holder follows them: to what the facet of the other side shows. */
import type { Id, MaybePromise } from '../../lib/store.js'
import { isPromise, settle, when } from '../../lib/when.js'
import { Instance } from '../model/instance.js'
import type { Authority } from './authority.js'
import { heldId } from './held.js'
import type { Life } from './life.js'
import { mistake, refuse } from './refusal.js'
import type { OwnMethod, Shell } from './shell.js'

interface Target {
  readonly authority: Pick<Authority, 'has' | 'get' | 'see'>
  readonly life: Pick<Life, 'enter'>
  readonly shell: Shell
  readonly ground: { readonly idProperty: string }
  readonly model: object
}

/** The methods `link` and `links` of the instances. */
export function linkMethods(targets: ReadonlyMap<string, Target>, idProperty: string): Record<string, OwnMethod> {
  if (targets.size === 0) return {}

  function follow(
    { authority, source }: Shell,
    method: 'link' | 'links',
    self: object,
    rel: unknown,
  ): MaybePromise<unknown[]> {
    const {
      shell,
      authority: facet,
      life,
      ground,
      model,
    } = targets.get(String(rel)) ??
    refuse('NotAllowedError', `${String(rel)} cannot be followed here; what can is ${[...targets.keys()].join(', ')}`)
    life.enter()
    if (!facet.has('get')) refuse('NotAllowedError', `what ${String(rel)} leads to cannot be read here`)
    const others = method === 'link' ? 'links' : 'link'
    const found = settle(
      () => authority.callOn(heldId(self, source, idProperty), method, [rel]),
      result => result,
      error => {
        // it says so of links that lead to one, or to many, and of nothing else
        if (error instanceof TypeError) mistake(`${String(rel)} cannot be followed by ${method}: ask ${others}`)
        throw error
      },
    )
    return when(found, result => {
      const objects = [result ?? []].flat() as Record<string, Id>[]
      if (objects.some(object => object instanceof Instance && !(object instanceof (model as never)))) {
        refuse('NotAllowedError', 'this is not given here', `links.${rel} is a facet of another model than it leads to`)
      }
      // what was read in a transaction is not to be found outside
      const see = (object: Record<string, Id>) =>
        object instanceof Instance ? facet.see({ ...object }) : facet.get(object[ground.idProperty] as Id, {})
      const seen = objects.map(see)
      const held = (data: typeof seen) => data.flatMap(each => (each ? [shell.hold(each as never)] : []))
      return seen.some(isPromise) ? Promise.all(seen).then(held) : held(seen)
    })
  }

  return {
    link: (own, self, [rel]) => when(follow(own, 'link', self, rel), ([first]) => first),
    links: (own, self, [rel]) => follow(own, 'links', self, rel),
  }
}
