import { crc32 } from 'node:zlib'
import { checksum, hexadecimal } from '../files/checksum.js'

/** What tells one content of a file from another, by which a journal knows the file that it belongs to. */
export interface Fingerprint {
  readonly bytes: number
  readonly crc32: string
}

export function fingerprint(content: Uint8Array): Fingerprint {
  return { bytes: content.length, crc32: checksum(content) }
}

/** The fingerprint of what passes through; complete when all has passed. */
export function fingerprinting(chunks: Iterable<Uint8Array>): Iterable<Uint8Array> & { readonly print: Fingerprint } {
  let bytes = 0
  let crc = 0
  return {
    *[Symbol.iterator]() {
      for (const chunk of chunks) {
        bytes += chunk.length
        crc = crc32(chunk, crc)
        yield chunk
      }
    },
    get print() {
      return { bytes, crc32: hexadecimal(crc) }
    },
  }
}

/** Is it the same content, or is there none in both cases? */
export function isSameContent(a: Fingerprint | undefined, b: Fingerprint | undefined): boolean {
  return a?.bytes === b?.bytes && a?.crc32 === b?.crc32
}
