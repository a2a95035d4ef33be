/** What one request, and one client, may take. More is refused before it costs anything. */
export interface Limits {
  /** Bytes of the URL: 414. */
  readonly url: number
  /** Headers: 431. */
  readonly headers: number
  /** Bytes of all headers: 431. */
  readonly headerBytes: number
  /** Bytes of a body, and of a line of a streamed one, when it is decompressed: 413. */
  readonly body: number
  /** Levels of nesting in JSON: 422. */
  readonly depth: number
  /** Names of properties in one JSON text: 422. */
  readonly keys: number
  /** Objects in one page, and entries in a batch; a page that is asked for larger is cut, a batch is a 422. */
  readonly page: number
  /** Milliseconds for the headers: 408. */
  readonly headerTime: number
  /**
   * Milliseconds for the body, with one second more for each kilobyte that has come: 408. And for each 64 kB of an answer to be
   * taken: the connection is closed.
   */
  readonly bodyTime: number
  /** Milliseconds that a connection is kept when nothing is asked. */
  readonly keepAlive: number
  readonly connections: number
  /** Requests that one connection may ask. */
  readonly requestsPerSocket: number
  /** Requests of one client, by its address, at a time, with its event streams: 429. */
  readonly inFlight: number
}

export const defaultLimits: Limits = Object.freeze({
  url: 8192,
  headers: 100,
  headerBytes: 16_384,
  body: 2 ** 20,
  depth: 100,
  keys: 20_000,
  page: 1000,
  headerTime: 10_000,
  bodyTime: 30_000,
  keepAlive: 5000,
  connections: 1000,
  requestsPerSocket: 100,
  inFlight: 64,
})

/** The limits with those that are given. A `TypeError` for a name that is none, or what is no number above 0. */
export function limitsOf(given: Partial<Limits> = {}): Limits {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaultLimits, name)) throw new TypeError(`limits.${name}: there is no such limit`)
    if (!(typeof value === 'number' && value > 0)) throw new TypeError(`limits.${name} must be a number above 0`)
  }
  return { ...defaultLimits, ...given }
}
