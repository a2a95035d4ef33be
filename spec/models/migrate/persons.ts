import type { Thing } from './things.js'

/** The definition of a model of people, and what became of it. */
export const first = { version: 1, properties: { name: String }, required: ['name'] } as const

export const second = {
  version: 2,
  migrate: {
    2: ({ name, ...rest }: Thing) => {
      const [given, family] = String(name).split(' ')
      return family ? { ...rest, given, family } : undefined
    },
  },
  properties: { given: String, family: String },
  required: ['given', 'family'],
} as const
