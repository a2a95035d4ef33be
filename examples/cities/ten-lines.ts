import type { Store } from 'holdfast'
import { cities } from './cities.js'
import { cityModel } from './model.js'
import { type Answer, ask } from './report.js'

/** Nothing here knows what kind of store it is. */
export async function tenLines(store: Required<Store>): Promise<Answer[]> {
  const City = cityModel(store)
  const norway = cities().filter(({ country }) => country === 'NO')
  return [
    await ask(`Add the ${norway.length} cities of Norway`, undefined, async () => {
      await Promise.all(norway.map(city => City.add(city)))
      return `${await City.count()} stored`
    }),
    await ask('The three largest', 'sort(-population)&limit(3)', async () => {
      const largest = await City.query('sort(-population)&limit(3)').toArray()
      return largest.map(city => city.title())
    }),
    await ask('One edit, saved', undefined, async () => {
      const city = await City.query('name=Bergen').one()
      city.name = 'Bjørgvin'
      await city.save()
      return (await City.query().eq('name', 'Bjørgvin').one()).title()
    }),
  ]
}
