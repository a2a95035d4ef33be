/** The methods that the objects of a model have: those of a model are about an object of its own, which live objects are not. */
import { revertTo } from './acts.js'
import { type Root, rootOf } from './root.js'
import type { Source } from './source.js'

type Linking = Record<'link' | 'links', (...given: unknown[]) => Promise<unknown>>

export function modelMethods({ target, prototype }: Pick<Source, 'target' | 'prototype'>): Record<string, unknown> {
  const saved = async (root: Root) => {
    await root.setting.commit(root)
    return root.object
  }
  const linking = (name: keyof Linking) =>
    async function link(this: object, ...given: unknown[]): Promise<unknown> {
      const root = rootOf(this)
      await saved(root)
      const instance = (await target.get(root.key)) as unknown as Linking
      return instance[name](...given)
    }
  const methods = {
    save(this: object) {
      return saved(rootOf(this))
    },
    async load(this: object) {
      revertTo(rootOf(this))
      return this
    },
    async delete(this: object) {
      const root = rootOf(this)
      if (!root.alive) return false
      root.delete()
      await saved(root)
      return true
    },
    link: linking('link'),
    links: linking('links'),
  }
  return Object.fromEntries(Object.entries(methods).filter(([name]) => name in prototype))
}
