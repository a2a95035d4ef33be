import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { histories } from './histories.js'

const integer = { type: 'integer' } as const

histories('a model', {
  open: () =>
    Model(memory(), {
      properties: { value: integer, list: { type: 'array', items: integer }, amount: integer, kind: String },
    }) as never,
})
