import { getCase, sqliteOf } from './through.mjs'

/** The same over a store that reads text from a database. */
export default getCase('sqlite', sqliteOf)
