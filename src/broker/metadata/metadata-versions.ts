// The names that Apache Kafka gives the levels of metadata.version (MetadataVersion.fromVersionString), for the levels a
// new directory may begin with. Below 4.0-IV3 no Kafka 4 would ask for one; above 4.3-IV0 the log has records that this
// program does not know.

/** By level, oldest first. A release alone means its newest. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [25, '4.0-IV3'],
  [26, '4.1-IV0'],
  [27, '4.1-IV1'],
  [28, '4.2-IV0'],
  [29, '4.2-IV1'],
  [30, '4.3-IV0'],
]);

/** The name of a level, as messages give it. */
export function nameOfMetadataVersion(level: number): string {
  return NAMES.get(level) ?? String(level);
}

/** The level of "30", "4.3-IV0", "4.3" or "4.3.1"; else a sentence that says why there is none. */
export function metadataVersionOfText(text: string): number | string {
  const level = Number(text);
  if (/^\d+$/.test(text) && NAMES.has(level)) return level;
  const segments = text.split('.');
  const name = segments.length > 2 ? segments.slice(0, 2).join('.') : text;
  const named = [...NAMES].findLast(([, known]) => known === name || known.startsWith(`${name}-`));
  if (named !== undefined && segments.length >= 2) return named[0];
  return (
    `"${text}" is no metadata.version a new directory can have: 25 to 30, or as Kafka names them ` +
    `${[...NAMES.values()].join(', ')}.`
  );
}
