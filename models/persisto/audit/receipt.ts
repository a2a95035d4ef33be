/** Receipts: lines of a log, to be kept by whom they concern. */
import { type KeyLike, sign, verify } from 'node:crypto'
import { parse } from '../../../lib/json.js'
import { hashOf, type LogLine, type Printed } from './line.js'

export interface Receipt {
  /** The SHA-256 of the line. */
  readonly hash: string
  /** The line, as it lies in the log. */
  readonly line: string
  /** The Ed25519 signature of the hash in base64, if the log has a key. */
  readonly signature?: string
}

export interface ReceiptCheck {
  /** Is the line what was hashed, and the hash what was signed, where there is a key? */
  readonly valid: boolean
  /** What the line says. */
  readonly says?: LogLine
  readonly problem?: string
}

export function receiptOf({ hash, text }: Printed, key: KeyLike | undefined): Receipt {
  if (key === undefined) return { hash, line: text }
  return { hash, line: text, signature: sign(null, Buffer.from(hash, 'hex'), key).toString('base64') }
}

/**
 * Checks a receipt by itself, off-line. With the public key of the log: that the log gave it; without, only that it is whole. That
 * the log still has its line is for `verifyAudit({ path, receipts })` to say.
 */
export function checkReceipt(
  receipt: Receipt,
  { publicKey }: { readonly publicKey?: KeyLike | undefined } = {},
): ReceiptCheck {
  const { hash, line, signature } = receipt
  if (typeof hash !== 'string' || typeof line !== 'string' || hashOf(line) !== hash) {
    return { valid: false, problem: 'the line is not the one that was hashed' }
  }
  if (publicKey !== undefined) {
    if (typeof signature !== 'string') return { valid: false, problem: 'the receipt is not signed' }
    if (!verify(null, Buffer.from(hash, 'hex'), publicKey, Buffer.from(signature, 'base64'))) {
      return { valid: false, problem: 'it was not signed by this key' }
    }
  }
  return { valid: true, says: parse(line) as LogLine }
}
