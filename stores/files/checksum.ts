import { crc32 } from 'node:zlib'

/** CRC-32 (ISO 3309) in hexadecimal: finds every damage of up to 32 bits in a row, and misses one in 2³² of others. */
export function checksum(content: Uint8Array | string): string {
  return hexadecimal(crc32(content))
}

export const hexadecimal = (crc: number) => crc.toString(16).padStart(8, '0')
