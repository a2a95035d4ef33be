import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { library } from '../library.mjs'

/** Objects of 1 KB, as those that the first Persisto was measured with. */
export const objectOf = number => ({
  email: `person.${number}@example.com`,
  name: `name ${number % 100}`,
  country: `country ${number % 200}`,
  age: number % 90,
  text: 'kelp '.repeat(175),
})

const options = {
  types: { user: { email: 'string', name: 'string', country: 'string', age: 'integer', text: 'string' } },
  indexes: { user: ['email', { field: 'country', unique: false }] },
}

/** A Persisto over the default, a directory, in which so many objects lie already. */
export async function persistoWith(count, path) {
  const { persisto } = await library('models/persisto.js')
  const users = join(path, 'user')
  mkdirSync(users, { recursive: true })
  mkdirSync(join(path, 'system'))
  for (let number = 1; number <= count; number++) {
    const id = idOf(number)
    writeFileSync(join(users, `${id}.json`), JSON.stringify({ id, ...objectOf(number) }, null, 2))
  }
  const counter = { id: 'object user', next: count + 1 }
  writeFileSync(join(path, 'system', 'object%20user.json'), JSON.stringify(counter))
  const db = await persisto({ ...options, path })
  if ((await db.getEveryUser()).length !== count) throw new Error('the objects are not there')
  return db
}

export const idOf = number => `user.${number.toString(36)}`
