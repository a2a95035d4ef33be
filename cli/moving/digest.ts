import { createHash } from 'node:crypto'
import { etag } from '../../lib/etag.js'

/** SHA-256 of objects, one after the other, by what they hold: it does not matter where, and in which order their properties stand. */
export function digest() {
  const hash = createHash('sha256')
  return {
    add(object: object): void {
      hash.update(`${etag(object)}\n`)
    },
    end: () => `sha256:${hash.digest('hex')}`,
  }
}
