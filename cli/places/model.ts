import type { Data, Id, Store } from '../../lib/store.js'
import { modelWith } from '../../models/model.js'

const Model = modelWith(() => {
  throw new TypeError('a store is always given')
})

/** A model over a store of which nobody knows the type: what the store lacks, the model lacks. */
export function modelOf(store: Store, definition: object) {
  return Model(store as Required<Store<Data, Id>>, definition as { properties: Record<never, never> })
}
