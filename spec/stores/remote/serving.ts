import type { Store } from '../../../lib/store.js'
import { permissive } from '../../../models/facet.js'
import { modelWith } from '../../../models/model.js'
import { type HandlerOptions, handler } from '../../../server/handler.js'
import { memory } from '../../../stores/memory.js'
import type { Fetch } from '../../../stores/remote.js'

export const url = 'http://server.test/things'

const Model = modelWith(() => memory())

/** A server of this library in this process, without a socket, over a model that opens everything and demands nothing. */
export function serving(store: Store = memory(), definition: object = {}, options: HandlerOptions = {}): Fetch {
  const handle = handler({ things: permissive(Model(store, definition) as object) }, options)
  return (url, sent) => handle(new Request(url, sent as RequestInit))
}
