/** A database with links of all kinds, and a count of what its stores are asked. */
import type { Store } from '../../lib/store.js'
import { database } from '../../models/database.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { type Call, failing } from '../../wrappers/failing.js'

type Stores = (name: string) => Required<Store>

export function staff(stores: Stores = () => memory()) {
  const calls: (Call & { store: string })[] = []
  const counted = (store: string) =>
    failing(stores(store), { when: call => void calls.push({ ...call, store }) }) as Required<Store>
  const User = Model(counted('users'), {
    title: 'User',
    properties: {
      name: { type: 'string', minLength: 1 },
      age: { type: 'integer' },
      email: { type: 'string', unique: true },
      salary: { type: 'integer', blocked: true },
      employerId: { type: 'integer' },
      bossId: { type: 'integer' },
      languageIds: { type: 'array', items: String },
      parent: Object,
    },
    required: ['name'],
    links: [
      { rel: 'employer', href: '/companies/{employerId}', inverse: 'employees', onDelete: 'restrict' },
      { rel: 'boss', model: 'users', inverse: 'reports', onDelete: 'detach' },
      { rel: 'languages', href: '/languages/{languageIds}', inverse: 'speakers', onDelete: 'detach' },
    ],
    prototype: {
      greet() {
        return `hello ${this.name}`
      },
    },
  })
  const Company = Model(counted('companies'), {
    properties: {
      name: String,
      country: String,
      ownerId: { type: 'integer' },
      secret: { type: 'string', blocked: true },
    },
    links: [
      { rel: 'owner', model: 'companies', inverse: 'owned', onDelete: 'cascade' },
      { rel: 'offices', href: '/offices?companyId={id}' },
    ],
  })
  const Language = Model(counted('languages'), { properties: { name: String } })
  const Office = Model(counted('offices'), {
    properties: { companyId: { type: 'integer' }, city: String },
    links: [{ rel: 'company', href: '/companies/{companyId}' }],
  })
  const db = database({ users: User, companies: Company, languages: Language, offices: Office })
  return { db, calls, User, Company, Language, Office }
}

/** The same with people in it. */
export async function staffed(stores?: Stores) {
  const made = staff(stores)
  const { db, calls } = made
  await db.companies.add({ id: 1, name: 'Acme', country: 'NO' })
  await db.companies.add({ id: 2, name: 'Globex', country: 'US' })
  await db.languages.add({ id: 'en', name: 'English' })
  await db.languages.add({ id: 'no', name: 'Norwegian' })
  await db.users.add({ id: 1, name: 'Ada', age: 36, employerId: 1, languageIds: ['no', 'en'] })
  await db.users.add({ id: 2, name: 'Bob', age: 50, employerId: 1, bossId: 1, languageIds: ['en'] })
  await db.users.add({ id: 3, name: 'Cy', age: 20, employerId: 2, bossId: 1 })
  await db.offices.add({ id: 1, companyId: 1, city: 'Oslo' })
  await db.offices.add({ id: 2, companyId: 9, city: 'Nowhere' })
  calls.length = 0
  return made
}
