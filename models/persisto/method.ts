/** A method, as it is generated and listed. */

export interface Argument {
  readonly name: string
  readonly type: string
  readonly optional?: true
}

/** What `methods()` says of a method, and a server at `GET /methods`. */
export interface MethodInfo {
  readonly name: string
  readonly description: string
  readonly arguments: readonly Argument[]
}

export interface Method extends MethodInfo {
  readonly call: (...args: never[]) => unknown
}

/** A method with its arguments written as `id: string, end?: number`. */
export function method(
  name: string,
  description: string,
  signature: string,
  call: (...args: never[]) => unknown,
): Method {
  const given = signature === '' ? [] : signature.split(', ')
  return { name, description, arguments: given.map(argument), call }
}

function argument(text: string): Argument {
  const [name = '', type = ''] = text.split(': ')
  return name.endsWith('?') ? { name: name.slice(0, -1), type, optional: true } : { name, type }
}

/** The arguments of a listing. */
export const listing = 'sortBy?: string | array, start?: integer, end?: integer, descending?: boolean'
