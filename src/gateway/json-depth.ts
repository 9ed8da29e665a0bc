// How deep JSON is nested, told without parsing it: a body of 10 MiB of brackets would keep the parser busy for seconds.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = [0x5b, 0x7b];
const CLOSING = [0x5d, 0x7d];

/** Stops at the first place that is too deep, so hostile input costs least. */
export function isNestedDeeper(json: string, depthMax: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let position = 0; position < json.length; position += 1) {
    const code = json.charCodeAt(position);
    if (isInString) {
      if (code === BACKSLASH) position += 1;
      else if (code === QUOTE) isInString = false;
    } else if (code === QUOTE) isInString = true;
    else if (code === OPENING[0] || code === OPENING[1]) {
      depth += 1;
      if (depth > depthMax) return true;
    } else if (code === CLOSING[0] || code === CLOSING[1]) depth -= 1;
  }
  return false;
}
