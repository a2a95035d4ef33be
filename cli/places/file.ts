import type { Store } from '../../lib/store.js'
import { jsonFile } from '../../stores/json-file.js'
import type { OpenOptions } from './open.js'
import { reloaded } from './reloaded.js'

export interface FileOptions extends Pick<OpenOptions, 'follow'> {
  readonly write: boolean
  readonly idProperty: string
}

export async function openFile(path: string, { write, follow = false, idProperty }: FileOptions): Promise<Store> {
  if (write) return jsonFile({ path, idProperty })
  return follow ? reloaded(path, idProperty) : jsonFile({ path, idProperty, readonly: true })
}
