import { isStoreError } from 'holdfast'
import type { cityModel } from './model.js'
import { type Answer, ask } from './report.js'

const count = (n: number) => n.toLocaleString('en')

/** Real questions, in RQL and in method calls. */
export async function questions(City: ReturnType<typeof cityModel>): Promise<Answer[]> {
  return [
    await ask(
      'A range: how many cities have 1 to 2 million people?',
      'population>=1000000&population<2000000',
      async () => count(await City.query('population>=1000000&population<2000000').count()),
    ),
    await ask('A top ten: the largest cities', 'sort(-population)&limit(10)', async () => {
      const largest = await City.query('sort(-population)&limit(10)').toArray()
      return largest.map(city => `${city.title().padEnd(24)} ${count(city.population).padStart(11)}`)
    }),
    await ask('A group: the countries with the most cities of 100,000', groupQuery, async () => {
      const groups = (await City.query(groupQuery).toArray()) as unknown as Group[]
      const most = groups.sort((a, b) => b[0] - a[0]).slice(0, 5)
      return most.map(
        ({ country, 0: cities, 1: people }) => `${country}  ${count(cities)} cities, ${count(people)} people`,
      )
    }),
    await ask('The same by methods: in Norway or Iceland, over 100,000', undefined, async () => {
      const found = await City.query()
        .in('country', ['NO', 'IS'])
        .gt('population', 100_000)
        .sort('-population')
        .toArray()
      return found.map(city => city.title())
    }),
    await ask('One by its id', undefined, async () => (await City.get(3143244))?.title() ?? 'not there'),
    await ask('One edit, saved', undefined, async () => {
      const oslo = await City.get(3143244)
      if (!oslo) return 'not there'
      oslo.population += 1
      await oslo.save()
      return `${oslo.title()} has ${count((await City.get(3143244))?.population ?? 0)} people now`
    }),
    await ask('One refused by the schema', undefined, async () => {
      try {
        await City.add({ id: 1, name: '', country: 'Norway', population: -5, location: { longitude: 0, latitude: 0 } })
        return 'stored, and should not have been'
      } catch (error) {
        if (!isStoreError(error, 'ValidationError')) throw error
        return (error.issues ?? []).map(({ path, message }) => `${path.join('/')}: ${message}`)
      }
    }),
  ]
}

/** What `aggregate` makes: the property, and a column for each reduction. */
interface Group {
  readonly country: string
  readonly 0: number
  readonly 1: number
}

const groupQuery = 'population>=100000&aggregate(country,count(),sum(population))'
