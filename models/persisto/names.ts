/** Names of methods, made of the names in a configuration. */

/** The name with its first letter in upper case. */
export function capital<N extends string>(name: N): Capitalize<N> {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}` as Capitalize<N>
}

/** What may be part of the name of a method. */
export function checkName(what: string, name: unknown): void {
  if (typeof name === 'string' && /^[A-Za-z][\dA-Za-z_]*$/.test(name)) return
  throw new TypeError(`a ${what} is named by letters, digits and _, which ${JSON.stringify(name)} is not`)
}
