const HUES = 12;

/** The class that gives a seat its colour. */
export function hueClass(seat: number): string {
  return `hue-${seat % HUES}`;
}

/** Two letters for a name: "Mara Lindqvist" is ML, "CISO" is CI. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s-]+/).filter((word) => !/^the$/i.test(word) && word);
  const [first = "", ...rest] = words;
  const last = rest.at(-1);
  const letters = last ? [...first].slice(0, 1).concat([...last].slice(0, 1)) : [...first].slice(0, 2);
  return letters.join("").toUpperCase();
}
