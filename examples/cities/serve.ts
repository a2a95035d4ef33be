/** Serves the cities to this machine, read-only, until it is stopped. */
import { once } from 'node:events'
import { restrictive } from 'holdfast/models/facet'
import { listen } from 'holdfast/server/listen'
import type { cityModel } from './model.js'
import { heading } from './report.js'

export async function serveCities(City: ReturnType<typeof cityModel>, stopped: AbortSignal): Promise<void> {
  if (stopped.aborted) return
  const server = await listen({ cities: restrictive(City) }, { title: 'Cities' })
  heading('Served, read-only, until Ctrl-C')
  console.log(`  ${server.url}/ is a page for your browser; or try`)
  for (const path of [
    '/cities/2988507',
    '/cities?country=NO&sort(-population)&limit(5)',
    '/cities/$count?population>1000000',
  ]) {
    console.log(`  curl '${server.url}${path}'`)
  }
  await once(stopped, 'abort')
  await server.close()
}
