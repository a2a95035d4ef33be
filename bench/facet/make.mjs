import { library } from '../library.mjs'
import { definition, prototype } from '../model/definition.mjs'

/** A facet for each request: what the rules are about stands elsewhere, whom they are for is new each time. */
export default {
  title: 'making a facet',
  operations: ['make'],
  // it takes the compiler a second to see what is done again and again
  warm: 1000,
  slice: 2000,
  rounds: 3,
  variants: {
    async Holdfast() {
      const [{ Model }, { restrictive }, { memory }] = await Promise.all(
        ['models/model.js', 'models/facet.js', 'index.js'].map(library),
      )
      const User = Model(memory(), { ...definition, prototype })
      let age = 0
      const make = () =>
        restrictive(User, {
          where: 'age=$1&country=NO',
          parameters: [age++ % 100],
          methods: ['put', 'patch', 'delete'],
          prototype: { greet: true },
          properties: { email: { blocked: true }, createdAt: { writable: false }, tags: { readonly: true } },
        })
      return {
        answer: () => Object.keys(make()),
        make() {
          for (let made = 0; made < 32; made++) make()
          return 32
        },
      }
    },
  },
  rows: [{ what: 'facet: restrictive() with `where`, methods and properties', operation: 'make', goal: { ms: 0.05 } }],
}
