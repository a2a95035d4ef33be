/** Objects that are to be brought up in a store that lasts, and a program that does so until it is killed: `migrating.ts folder kind`. */
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Id } from '../../../lib/store.js'
import { Model } from '../../../models/model.js'
import { directory } from '../../../stores/directory.js'
import { jsonFile } from '../../../stores/json-file.js'
import { sqlite } from '../../../stores/sqlite.js'
import type { Full, Thing } from './things.js'

export const kinds = ['sqlite', 'directory', 'jsonFile'] as const
export type Kind = (typeof kinds)[number]

export async function lasting(folder: string, kind: Kind): Promise<Full> {
  if (kind === 'sqlite') {
    return sqlite<Thing, Id>({ path: join(folder, 'data.db'), durability: 'relaxed' }) as Full
  }
  if (kind === 'directory') {
    return (await directory<Thing, Id>({ path: join(folder, 'objects'), durability: 'relaxed' })) as Full
  }
  return (await jsonFile<Thing, Id>({ path: join(folder, 'data.json'), durability: 'relaxed' })) as Full
}

/** Splits names; one in ten cannot be split. */
export function people(store: Full) {
  return Model(store, {
    version: 1,
    migrate: {
      1({ name, ...rest }) {
        const [given, family] = String(name).split(' ')
        return family === '0' ? undefined : { ...rest, given, family }
      },
    },
    properties: { given: String, family: String },
    required: ['given', 'family'],
    additionalProperties: false,
  })
}

export const old = (id: number) => ({ id, name: `n${id} ${id % 10}` })

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , folder, kind] = process.argv as unknown as [string, string, string, Kind]
  const Person = people(await lasting(folder, kind))
  await Person.migrate({ batch: 5, progress: ({ done }) => writeSync(1, `${done}\n`) })
  // until it is killed
  setInterval(() => {}, 1000)
}
