import type { Store } from '../../lib/store.js'
import { membersOf } from '../../models/database/members.js'
import { linkedStore } from '../../models/links/store.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { conforms, everything } from '../conformance/index.js'

/** What is under a model in a database: its objects link to each other and to those of another model. */
function linked(inner: Store): Store {
  const properties = { aboveId: true, otherId: true, thingIds: Array } as const
  const Thing = Model(inner as ReturnType<typeof memory>, {
    properties,
    links: [
      { rel: 'above', model: 'things', onDelete: 'cascade' },
      { rel: 'other', model: 'others', onDelete: 'restrict' },
    ],
  })
  const Other = Model(memory(), {
    properties,
    links: [{ rel: 'things', href: '/things/{thingIds}', onDelete: 'detach' }],
  })
  return linkedStore({ ...membersOf({ things: Thing, others: Other }, []), log: undefined }, 'things') as Store
}

conforms('the store of a model in a database', {
  open: () => linked(memory()),
  offers: everything,
  ways: ['directly', 'inside'],
})
