import { schema } from '../../../models/schema.js'

/** What is said of an object, a line an issue. */
function said(definition: object, object: object): string[] {
  return schema(definition)
    .validate(object)
    .map(({ path, message }) => `${path.join('.')} ${message}`.trim())
}

/** What is said of an object with this value in the property `p`. */
export const ofProperty = (property: unknown, value: unknown, more: object = {}) =>
  said({ properties: { p: property }, ...more }, { p: value })
