import { Model, type Store } from 'holdfast'

/** The model of a city over any store that can do everything. */
export function cityModel(store: Required<Store>) {
  return Model(store, {
    properties: {
      id: { type: 'integer' },
      name: { type: 'string', minLength: 1 },
      country: { type: 'string', pattern: '^[A-Z]{2}$', index: true },
      population: { type: 'integer', minimum: 0, index: true },
      location: {
        type: 'object',
        properties: {
          longitude: { type: 'number', minimum: -180, maximum: 180 },
          latitude: { type: 'number', minimum: -90, maximum: 90 },
        },
        required: ['longitude', 'latitude'],
      },
    },
    required: ['id', 'name', 'country', 'population', 'location'],
    prototype: {
      title() {
        return `${this.name} (${this.country})`
      },
    },
  })
}
