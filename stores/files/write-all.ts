import { StoreError } from '../../lib/errors.js'
import type { OpenFile } from './file-system.js'

/** Writes all bytes: a disk that is nearly full takes a part of them without an error, and says how many. */
export async function writeAll(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    if (bytesWritten === 0) throw new StoreError('UnknownError', 'the disk took none of the bytes, and gave no reason')
    done += bytesWritten
  }
}
