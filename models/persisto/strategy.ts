/** Where the objects of a Persisto live: a store for each type. */
import { join } from 'node:path'
import { need } from '../../lib/need.js'
import { can, type Data, type Id, type MaybePromise, type Store } from '../../lib/store.js'
import { directory } from '../../stores/directory.js'
import { jsonFile } from '../../stores/json-file.js'
import { inherited } from '../../wrappers/inherited.js'
import { transactional } from '../../wrappers/transactional.js'
import { writeBehind } from '../../wrappers/write-behind.js'
import { makeFolder } from './folder.js'

/**
 * Gives the store of a name, the same for the same: a type, `<relation>_relation`, `system` for counters, `assets` for the books.
 */
export type Strategy = (name: string) => MaybePromise<Store>

export interface DirectoriesOptions {
  /** The folder, which is made if it is not there. */
  readonly path: string
  /** Lets several processes of this machine write, all of which must say so. The books are then a file per account, too. */
  readonly shared?: boolean | undefined
  readonly durability?: 'strict' | 'relaxed' | undefined
}

/** A directory for each type in one folder, a readable file per object; and the books of the assets in one file. */
export function directories({ path, shared, durability }: DirectoriesOptions): Strategy {
  return async name => {
    await makeFolder(path)
    if (name === 'assets' && !shared) return jsonFile({ path: join(path, 'assets.json'), durability })
    return directory({ path: join(path, name), shared, durability })
  }
}

/** All types in one store, which then keeps unique fields apart by their names only. */
export function within(store: Store): Strategy {
  return name => inherited(store, { type: name })
}

/** What is needed of a store here. */
export type Place = Store<Data, Id> &
  Required<Pick<Store<Data, Id>, 'get' | 'put' | 'add' | 'delete' | 'query' | 'count' | 'transaction'>> & {
    flush?(): MaybePromise<void>
  }

/**
 * Opens what a strategy gives. With `autosave`, in milliseconds, writes are acknowledged before they last: that is write-behind, and
 * what was not saved yet is lost with the process. The books and the counters are never kept back.
 */
export function opener(strategy: Strategy, autosave: number | undefined): (name: string) => Promise<Place> {
  return async name => {
    const given = await strategy(name)
    need(given, `the store of ${name}`, 'get', 'put', 'add', 'delete', 'query', 'count')
    const store = can(given, 'transaction') ? given : transactional(given)
    const early = autosave !== undefined && name !== 'assets' && name !== 'system'
    return (early ? writeBehind(store as Place, { every: autosave }) : store) as Place
  }
}
