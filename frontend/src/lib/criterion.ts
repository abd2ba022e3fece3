/** A criterion's key as words: "data_protection" is "Data protection". */
export function criterionWords(key: string): string {
  const words = key.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
