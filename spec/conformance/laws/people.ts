import type { Thing } from '../case.js'

/** A small society with every kind of property, and none twice the same. */
export const people: readonly Thing[] = [
  { id: 1, name: 'Ada', age: 36, city: 'London', tags: ['math', 'code'], born: new Date('1815-12-10T00:00:00.210Z') },
  { id: 2, name: 'Bo', age: 7, city: 'Oslo', tags: [], address: { city: 'Oslo', zip: '0150' } },
  { id: 3, name: 'Cy', age: 36, city: 'Oslo', active: true, address: { city: 'Bergen', zip: '5003' } },
  { id: 4, name: 'Di', age: '36', city: null, active: false, 'a.b': 3, a: { b: 4 } },
  { id: 5, name: 'Ed & Flo', city: 'Paris', children: [{ name: 'Flo', age: 3 }], note: '100%' },
  { id: 6, name: 'ada', age: 36.5, city: 'London', big: 2n ** 60n, raw: Uint8Array.of(1, 2) },
  { id: 'x-7', name: '', age: 0, city: 'london', 'with/slash': 'yes', constructor: 'own' },
]
