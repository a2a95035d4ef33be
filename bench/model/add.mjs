import Ajv from 'ajv'
import { objects } from '../data/objects.mjs'
import { timed } from '../harness/measure.mjs'
import { library } from '../library.mjs'
import { definition } from './definition.mjs'

const validated = "ajv and the store's own `put`"

/** Adding an instance of a model to a store in memory; between the batches it is emptied again, which is not timed. */
export default {
  title: 'add of instances',
  operations: ['add'],
  variants: {
    async [validated]() {
      const { memory } = await library('index.js')
      const validate = new Ajv().compile({ type: 'object', ...definition })
      return adding(memory(), store => object => {
        if (!validate(object)) throw new Error('not valid')
        store.put(object)
      })
    },
    async Holdfast() {
      const [{ memory }, { Model }] = [await library('index.js'), await library('models/model.js')]
      return adding(memory(), store => {
        const User = Model(store, definition)
        return object => User.add(object)
      })
    },
  },
  rows: [{ what: 'model: add', operation: 'add', to: validated, goal: { speed: 0.5 } }],
}

const source = objects(2000)

function adding(store, adder) {
  const add = adder(store)
  return {
    answer() {
      add(source[7])
      return store.get(source[7].id)
    },
    async add() {
      for (const { id } of source) await store.delete(id)
      return timed(source.length, () => {
        for (const object of source) add(object)
      })
    },
  }
}
