// int64 fields of files as numbers, without a bigint in between. Offsets, positions and timestamps stay below 2^53; a
// value beyond (only in damaged files) comes out rounded, and is then refused by the checks on offsets.

const TWO_32 = 4_294_967_296;

export function readInt64(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position) * TWO_32 + buffer.readUInt32BE(position + 4);
}

export function writeInt64(buffer: Buffer, value: number, position: number): void {
  const high = Math.floor(value / TWO_32);
  buffer.writeInt32BE(high, position);
  buffer.writeUInt32BE(value - high * TWO_32, position + 4);
}
