import { createHash, timingSafeEqual } from 'node:crypto'

const digest = (text: string) => createHash('sha256').update(text).digest()

/** May this request be answered? If it says the token (RFC 6750); how long it takes to say no tells nothing about it. */
export function bearer(token: string): (request: Request) => boolean {
  const expected = digest(token)
  return request => {
    const [scheme = '', given = ''] = (request.headers.get('authorization') ?? '').split(' ')
    return scheme.toLowerCase() === 'bearer' && timingSafeEqual(digest(given), expected)
  }
}
