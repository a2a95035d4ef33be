/** Queries of 30 to 80 characters, as they come in URLs, that both parsers understand. */
export const texts = [
  'country=NO&age>=30&sort(-age)',
  'name=First1%20Last7&limit(10,20)',
  'and(eq(country,NO),lt(age,65),contains(tags,kelp))',
  'age=gt=30&age=lt=40&sort(+name,-age)&limit(20)',
  '(country=NO|country=SE)&age<65&select(id,name,age)',
  'in(country,(NO,SE,DK))&createdAt>2020-09-14&sort(-createdAt)&limit(50)',
]

/** As many of them as are wanted, none like another. */
export function different(count) {
  return Array.from({ length: count }, (_, number) => texts[number % texts.length].replace(/\d+/, `${number}`))
}
