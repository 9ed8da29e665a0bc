// Finds the error codes in an answer, wherever its message keeps them: every field `errorCode`, at any depth. Messages
// are plain values a few levels deep; record sets are not looked into.

const DEPTH_MAX = 6;

export function codesOf(response: unknown): number[] {
  const codes: number[] = [];
  collect(response, codes, 0);
  return codes;
}

function collect(value: unknown, codes: number[], depth: number): void {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value) || depth > DEPTH_MAX) return;
  if (Array.isArray(value)) {
    for (const element of value) collect(element, codes, depth + 1);
    return;
  }
  for (const [name, field] of Object.entries(value)) {
    if (name !== 'errorCode') collect(field, codes, depth + 1);
    else if (typeof field === 'number' && field !== 0) codes.push(field);
  }
}
