import { sameId } from '../../lib/id.js'
import type { Id } from '../../lib/store.js'

/** Where the parts of a store are: paths for a batch, to be put after `root` for a request. */
export interface Address {
  /** What comes before the path of a store. Without a slash at the end. */
  readonly root: string
  /** The path of the store. */
  readonly path: string
  /** The path of one object. */
  object(id: Id): string
}

/** Takes the address of a store apart. A `TypeError` if it is none. In a browser it may be relative to the page. */
export function address(url: string | URL): Address {
  const { protocol, origin, pathname, search, hash, username, password } = new URL(url, pageOf(globalThis))
  if (protocol !== 'http:' && protocol !== 'https:') throw wrong('must begin with http: or https:')
  if (search || hash) throw wrong('may have no query and no fragment')
  if (username || password) throw wrong('may hold no password: give headers')
  const whole = pathname.replace(/\/+$/, '')
  const at = whole.lastIndexOf('/')
  if (at < 0 || at === whole.length - 1) throw wrong('must end with the name of a store, as in https://host/users')
  const path = whole.slice(at)
  return {
    root: origin + whole.slice(0, at),
    path,
    object: id => `${path}/${segment(`${id}`)}`,
  }
}

function pageOf(global: object): string | undefined {
  return 'location' in global ? `${global.location}` : undefined
}

/** A segment that begins with a raw `$` is no id: those of dots alone are written so, since nothing else keeps them in a URL. */
function segment(id: string): string {
  return id === '.' || id === '..' ? `$${id}` : encodeURIComponent(id)
}

function wrong(reason: string): TypeError {
  return new TypeError(`the URL of a store ${reason}`)
}

/** Is this the id that was asked for? */
export function isThe(id: Id, given: unknown): boolean {
  return (typeof given === 'string' || typeof given === 'number') && sameId(id, given)
}
