import { Model } from 'holdfast'
import { database } from 'holdfast/models/database'
import { sqlite } from 'holdfast/stores/sqlite'

/** Countries, cities and languages in one file, and the links between them. */
export function worldDatabase(path: string) {
  const Country = Model(sqlite({ path, table: 'countries' }), {
    properties: {
      id: { type: 'string' },
      name: String,
      region: String,
      area: Number,
      languageIds: { type: 'array', items: String },
      neighbourIds: { type: 'array', items: String },
    },
    required: ['id', 'name', 'region'],
    links: [
      { rel: 'languages', href: '/languages/{languageIds}', inverse: 'countries', onDelete: 'restrict' },
      { rel: 'neighbours', href: '/countries/{neighbourIds}', inverse: 'bordering', onDelete: 'detach' },
    ],
  })
  const City = Model(sqlite({ path, table: 'cities' }), {
    properties: {
      id: { type: 'integer' },
      name: String,
      population: { type: 'integer', index: true },
      countryId: { type: 'string' },
    },
    required: ['id', 'name', 'population', 'countryId'],
    links: [{ rel: 'country', href: '/countries/{countryId}', inverse: 'cities', onDelete: 'cascade' }],
  })
  const Language = Model(sqlite({ path, table: 'languages' }), {
    properties: { id: { type: 'string' }, name: String },
    required: ['id', 'name'],
  })
  return database({ countries: Country, cities: City, languages: Language })
}

export type World = ReturnType<typeof worldDatabase>
