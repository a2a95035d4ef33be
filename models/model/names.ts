/** Which names are taken: methods stand in prototypes, properties before them. */
import { plainObject, refuse } from '../schema/plain.js'
import { Instance } from './instance.js'

/** Methods and accessors of a definition as they are to be defined: not enumerable. */
export function methodsIn(part: unknown, place: readonly string[], reserved: readonly string[]): PropertyDescriptorMap {
  const found = Object.getOwnPropertyDescriptors(plainObject(part, place))
  for (const [name, descriptor] of Object.entries(found)) {
    if (reserved.includes(name)) refuse([...place, name], 'is a name of the model’s own')
    if (name === 'then') refuse([...place, name], 'would be taken for that of a promise by every await')
    descriptor.enumerable = false
  }
  return found
}

/** The names of the methods that instances inherit from a class. */
export function inheritedNames(prototype: object | undefined): string[] {
  const names: string[] = []
  for (let each = prototype; each && each !== Instance.prototype; each = Object.getPrototypeOf(each)) {
    names.push(...Object.getOwnPropertyNames(each).filter(name => name !== 'constructor'))
  }
  return names
}

/** A property may not hide a method. */
export function checkNames(properties: object, methodNames: readonly string[]): void {
  const hiding = methodNames.find(name => Object.hasOwn(properties, name))
  if (hiding !== undefined) refuse(['properties', hiding], 'is the name of a method of the instances')
}
