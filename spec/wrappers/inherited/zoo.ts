import type { Store } from '../../../lib/store.js'
import { memory } from '../../../stores/memory.js'
import { inherited } from '../../../wrappers/inherited.js'

/** Animals, and three kinds of them: an amphibian is both of two. */
export function zoo(inner: Store = memory()) {
  return {
    inner,
    pike: inherited(inner, { type: 'pike', extends: 'swimmer' }),
    frog: inherited(inner, { type: 'frog', extends: ['swimmer', 'walker'] }),
    swimmer: inherited(inner, { type: 'swimmer', extends: 'animal' }),
    walker: inherited(inner, { type: 'walker', extends: ['animal'] }),
    animal: inherited(inner, { type: 'animal' }),
    stone: inherited(inner, { type: 'stone' }),
  }
}
