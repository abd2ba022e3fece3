const NUMBER = new Intl.NumberFormat("en-US");

/** "1 page", "3,410 words". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${NUMBER.format(count)} ${count === 1 ? one : many}`;
}
