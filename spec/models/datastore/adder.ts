/** Adds one to a document as often as it is told, beside other processes; in the end says how long that took. */
import { Datastore } from '../../../models/datastore.js'
import { say } from '../../say.js'

const [directory = '', times = '0', key = 'counter'] = process.argv.slice(2)
const datastore = await new Datastore<{ [key: string]: { n: number } }>({
  directory,
  shared: true,
  durability: 'relaxed',
}).load()
say('ready')
const since = performance.now()
for (let left = Number(times); left > 0; left--) {
  await datastore.updateItem(key, document => ({ n: (document?.n ?? 0) + 1 }))
}
say(`added ${Math.round(performance.now() - since)}`)
await datastore.close()
