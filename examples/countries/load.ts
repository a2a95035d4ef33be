import { progress } from '../cities/progress.js'
import type { world } from './countries.js'
import type { World } from './database.js'

/** Puts all of it in one transaction. The links are checked when it ends, so that countries may name those still to come. */
export async function load(
  db: World,
  { languages, countries, cities }: ReturnType<typeof world>,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const bar = progress(languages.length + countries.length + cities.length)
  await db.transaction(
    async txs => {
      let done = 0
      const step = async () => {
        if (done++ % 1000 === 0) await bar.at(done)
        signal.throwIfAborted()
      }
      for (const country of countries) await step().then(() => txs.countries.add(country))
      for (const language of languages) await step().then(() => txs.languages.add(language))
      for (const city of cities) await step().then(() => txs.cities.add(city))
    },
    { signal },
  )
  bar.end()
}
