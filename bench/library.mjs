/**
 * The library as it is published: built ES modules. What a loader makes of TypeScript on the fly has getters around every
 * import, which would be measured too.
 */
export const library = path => import(new URL(`../dist/${path}`, import.meta.url).href)
