/** Several tenants over one store; a plugin that gets less; a box into which strangers can put something. */
import { audit, explainRefusal, revoke } from 'holdfast/models/facet'
import { dropBox, forPlugin, tenantOf } from './facets.js'
import { notes } from './model.js'
import { plugin } from './plugin.js'

const Note = notes(':memory:')
const [mine, yours] = [tenantOf(Note, 1), tenantOf(Note, 2)]

await mine.add({ text: 'buy rope', author: 'Ada' })
await mine.add({ text: 'mend the sail', author: 'Ada' })
await yours.add({ text: 'sell rope', author: 'Bob' })
console.log('all there are:', await Note.count(), '· mine:', await mine.count(), '· yours:', await yours.count())

const narrow = forPlugin(mine, new Date(Date.now() + 60_000))
console.log('the plugin sees:', audit(narrow).readable.join(', '))
console.log('the plugin says:', await plugin(narrow))

try {
  await narrow.query('author=Ada&limit(1)').toArray()
} catch (error) {
  console.log('refused:', (error as Error).message, '· for the owner:', explainRefusal(mine, error)?.reason)
}

const box = dropBox(mine)
console.log('the box has:', Object.keys(box), '· and gives:', { ...(await box.add({ text: 'ahoy' })) })
console.log('what came:', (await mine.query('text=ahoy').first())?.author)

revoke(narrow)
await narrow.count().catch((error: Error) => console.log('afterwards:', error.message))
await Note.close()
