import { createRequire } from 'node:module'
import { cities as allCities } from '../cities/cities.js'

/** A country as the package `world-countries` gives it. */
interface Given {
  readonly cca2: string
  readonly cca3: string
  readonly name: { readonly common: string }
  readonly region: string
  readonly area: number
  readonly languages: Readonly<Record<string, string>>
  readonly borders: readonly string[]
}

/** All countries, their languages and their cities, in the form that we keep them. */
export function world() {
  const given = createRequire(import.meta.url)('world-countries') as readonly Given[]
  const codes = new Map(given.map(({ cca2, cca3 }) => [cca3, cca2]))
  const languages = new Map(given.flatMap(country => Object.entries(country.languages)))
  return {
    languages: [...languages].map(([id, name]) => ({ id, name })),
    countries: given.map(({ cca2, name, region, area, languages, borders }) => ({
      id: cca2,
      name: name.common,
      region,
      area,
      languageIds: Object.keys(languages),
      neighbourIds: borders.map(code => codes.get(code) as string),
    })),
    cities: allCities()
      .filter(({ country }) => [...codes.values()].includes(country))
      .map(({ country, location, ...city }) => ({ ...city, countryId: country })),
  }
}
