/** What the objects are, as a schema that a model takes as it stands, and ajv too. */
export const definition = {
  properties: {
    id: { type: 'string' },
    name: { type: 'string', minLength: 1 },
    email: { type: 'string', maxLength: 100 },
    country: { type: 'string', pattern: '^[A-Z]{2}$' },
    age: { type: 'integer', minimum: 0, maximum: 150 },
    tags: { type: 'array', items: { type: 'string' }, maxItems: 10 },
    createdAt: { type: 'string' },
    address: {
      type: 'object',
      properties: { city: { type: 'string' }, zip: { type: 'string' } },
      required: ['city'],
    },
  },
  required: ['name', 'country', 'age'],
}

/** The method that its instances have. */
export const prototype = {
  greet() {
    return `hello ${this.name}`
  },
}
