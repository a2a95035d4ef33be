import { isStoreError } from 'holdfast'
import { type Answer, ask } from '../cities/report.js'
import type { World } from './database.js'

const count = (n: number) => n.toLocaleString('en')
const names = (found: readonly { readonly name?: string | undefined }[]) => found.map(({ name }) => name).join(', ')

/** Real questions about what belongs together. */
export async function questions(db: World): Promise<Answer[]> {
  return [
    await ask('From a country to its neighbours and its languages', undefined, async () => {
      const norway = await db.countries.get('NO', { include: ['neighbours', 'languages'] })
      return norway ? [`next to ${names(norway.neighbours)}`, `speaking ${names(norway.languages)}`] : 'not there'
    }),
    await ask('And to its largest cities', undefined, async () => {
      const norway = await db.countries.get('NO')
      return names((await norway?.links('cities', 'sort(-population)&limit(3)')) ?? [])
    }),
    await ask('The ten largest cities, and the countries that they are in', 'sort(-population)&limit(10)', async () => {
      const largest = await db.cities.query('sort(-population)&limit(10)', { include: ['country'] }).toArray()
      return largest.map(
        ({ name, country, population }) =>
          `${`${name}, ${country?.name}`.padEnd(32)} ${count(population).padStart(11)}`,
      )
    }),
    await ask('Large cities where Portuguese is spoken', portuguese, async () => {
      const found = await db.cities.query(portuguese).toArray()
      return names(found)
    }),
    await ask('The same by methods: languages of countries with such a city', undefined, async () => {
      const spoken = db.languages.query().rel('countries', country => country.rel('cities', 'population>15000000'))
      return names(await spoken.toArray())
    }),
    await ask('A path', undefined, async () => String(await db.resolve('cities/3143244/country/name'))),
    await ask('A deletion that is refused', undefined, async () => {
      try {
        await db.languages.delete('por')
        return 'deleted, and should not have been'
      } catch (error) {
        if (!isStoreError(error, 'ConstraintError')) throw error
        return error.message
      }
    }),
    await ask('A deletion that takes others with it', undefined, async () => {
      const before = await db.cities.count()
      await db.countries.delete('SE')
      const [norway, lost] = [await db.resolve('countries/NO/neighbours'), before - (await db.cities.count())]
      return [`${count(lost)} cities of Sweden are gone`, `Norway is next to ${names(norway as { name: string }[])}`]
    }),
    await ask('Links that lead to nothing', undefined, async () => {
      let lost = 0
      for await (const _ of db.dangling()) lost++
      return count(lost)
    }),
  ]
}

const portuguese = 'rel(country/languages,name=Portuguese)&population>2000000&sort(-population)&limit(5)'
