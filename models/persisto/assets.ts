/** Amounts of points, exact, and the types of what the methods of assets give. */
export { type Amount, toDecimal, toUnits } from './assets/amount.js'
export type { AssetMethods, AssetOf, Balance, Done, Entry, Line, OperationOptions } from './assets/types.js'
