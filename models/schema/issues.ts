export { validationError } from '../../lib/errors.js'
