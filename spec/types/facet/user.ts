import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'

/** A model with something of everything. */
export const User = Model(memory(), {
  properties: {
    id: Number,
    name: String,
    email: { type: 'string', format: 'email' },
    age: { type: 'integer' },
    password: String,
    tags: { type: 'array', items: String },
    made: { type: 'date', readonly: true, default: () => new Date(0) },
  },
  required: ['name', 'password'],
  prototype: {
    greet(loudly: boolean) {
      return `hello ${this.name}${loudly ? '!' : ''}`
    },
    rename(name: string) {
      this.name = name
      return this
    },
  },
  static: { version: () => 7 },
})

/** What an object has, without its methods. */
export type Data<I> = { [K in keyof I as I[K] extends (...args: never) => unknown ? never : K]: I[K] }
/** The methods of an object. */
export type Names<I> = { [K in keyof I]-?: I[K] extends (...args: never) => unknown ? K : never }[keyof I]
