/** The life of a schema: objects of earlier versions are brought up, and what is not as it should be is found. */
import { derive, forward } from '../lib/derive.js'
import { StoreError } from '../lib/errors.js'
import { type Meaning, marked } from '../lib/marked.js'
import { can, type Data, type Id, type MaybePromise, type Options, type Store } from '../lib/store.js'
import { assessing, assessingVersions, type Check } from './migrate/assess.js'
import { type Quarantined, quarantined } from './migrate/quarantine.js'
import type { MigrationReport } from './migrate/report.js'
import { type MigrateOptions, type Migrating, migrate } from './migrate/run.js'
import { bringingUp, checkedVersion, type Migration } from './migrate/steps.js'
import { unique } from './migrate/unique.js'
import { innerName, meaningOf, mendingOf } from './migrate/version.js'
import type { ObjectSchema } from './schema.js'

export type { Quarantined } from './migrate/quarantine.js'
export type { Found, MigrationReport, ObjectChanges, PropertyChanges } from './migrate/report.js'
export type { MigrateOptions, MigrationProgress } from './migrate/run.js'
export type { Migration, MigrationStep } from './migrate/steps.js'

/** What a model does with the versions of its objects. */
export interface Life {
  /** The store as the model is to use it: with the objects of its version alone. */
  readonly store: Store<Data, Id>
  /**
   * The static methods that a model has besides. `put` puts an object into a store that has something else under its id, as
   * the model does, with all its checks.
   */
  methods(
    check: Check,
    put: (store: Store<Data, Id>, object: object, options: Options & { id: Id }) => MaybePromise<object>,
  ): LifeMethods
}

/** Their names. */
export const lifeMethods = ['migrate', 'quarantined'] as const

export interface LifeMethods {
  migrate?(options?: MigrateOptions): Promise<MigrationReport>
  quarantined?(options?: Options): AsyncIterable<Quarantined>
}

/** Of a model's definition, over its store. Without a version the store is the one that was given. */
export function life(
  given: Store<Data, Id>,
  definition: Readonly<Record<string, unknown>>,
  { rules }: ObjectSchema,
  idProperty: string,
): Life {
  const version = checkedVersion(definition)
  const names = { unique: version === undefined ? [] : rules.unique, blocked: rules.blocked }
  const uniques = unique(given, { version: version ?? 0, names: names.unique.map(innerName), idProperty })
  const { store } = uniques
  if (version !== undefined && !can(given, 'get') && (can(given, 'put') || can(given, 'delete'))) {
    throw new StoreError('NotSupportedError', 'versions need a store with get, if it can put or delete')
  }

  return {
    store: version === undefined ? given : versioned(store, meaningOf(version, idProperty)),
    methods(check, put) {
      if (!can(given, 'get') || !can(given, 'query')) return {}
      const assess =
        version === undefined
          ? assessing(check)
          : assessingVersions(version, bringingUp(version, definition.migrate as Migration, idProperty), check)
      const migrating: Migrating = { store, version: version ?? 0, idProperty, assess, unique: uniques, names }
      const mending = {
        replace(stored: Data, id: Id, object: object, options: Options) {
          const over = onlyOver(store, stored)
          const open = version === undefined ? over : versioned(over, mendingOf(version, idProperty))
          return put(open, object, { ...options, id })
        },
      }
      return {
        migrate: options => migrate(migrating, options),
        quarantined: options => quarantined(migrating, mending, options),
      }
    },
  }
}

function versioned(inner: Store<Data, Id>, meaning: Meaning<Data, Id>): Store<Data, Id> {
  return derive<Data, Id>(inner, marked(inner, meaning))
}

/** The store, in which a put replaces one object alone. */
function onlyOver(store: Store<Data, Id>, stored: Data): Store<Data, Id> {
  return derive<Data, Id>(store, {
    get: forward,
    put: (object, options) =>
      (store as Required<typeof store>).put(object, { ...options, ifNoneMatch: undefined, ifMatch: stored }),
    add: forward,
    delete: forward,
    query: forward,
    count: forward,
    subscribe: forward,
    transaction: forward,
    setSchema: forward,
    close: forward,
  })
}
