/** Data that comes as a package: what it exports is a list of objects. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Data, Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { Failure } from '../failure.js'
import type { World } from '../world.js'
import { numbered } from './collections.js'

/** Runs the package, as importing it would. Objects without an id are numbered. */
export async function openPackage(world: World, name: string, idProperty = 'id'): Promise<Store> {
  const data = load(world, name)
  if (!Array.isArray(data)) throw new Failure(2, `${name} exports no list of objects`, 'packages of data do')
  return memory({ objects: numbered(data as Data[], idProperty), idProperty, readonly: true })
}

function load({ cwd }: World, name: string): unknown {
  try {
    const found = createRequire(join(cwd, 'package.json'))(name)
    return found.default ?? found
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    throw new Failure(3, `the package ${name} is not there`, `npm i ${name}`)
  }
}
