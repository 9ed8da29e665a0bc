// XXH3, 64 bits, without a seed: what Apache Kafka hashes topics with (xxHash 0.8, doc/xxhash_spec.md of Cyan4973/xxHash;
// BSD). Written for clearness: it runs once per topic and change, never per record.

const PRIME32_1 = 0x9e3779b1n;
const PRIME32_2 = 0x85ebca77n;
const PRIME32_3 = 0xc2b2ae3dn;
const PRIME64_1 = 0x9e3779b185ebca87n;
const PRIME64_2 = 0xc2b2ae3d27d4eb4fn;
const PRIME64_3 = 0x165667b19e3779f9n;
const PRIME64_4 = 0x85ebca77c2b2ae63n;
const PRIME64_5 = 0x27d4eb2f165667c5n;
const PRIME_MX1 = 0x165667919e3779f9n;
const PRIME_MX2 = 0x9fb21c651e98df25n;

const STRIPE_BYTES = 64;
const SECRET_STEP_BYTES = 8;

const secret = Buffer.from(
  'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a26' +
    '4c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d97873' +
    '64eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e',
  'hex',
);

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

function read64(bytes: Buffer, at: number): bigint {
  return bytes.readBigUInt64LE(at);
}

function read32(bytes: Buffer, at: number): bigint {
  return BigInt(bytes.readUInt32LE(at));
}

function foldedProduct(left: bigint, right: bigint): bigint {
  const product = left * right;
  return u64(product) ^ (product >> 64n);
}

function avalanche(hash: bigint): bigint {
  let value = hash ^ (hash >> 37n);
  value = u64(value * PRIME_MX1);
  return value ^ (value >> 32n);
}

/** The finish of XXH64. */
function avalanche64(hash: bigint): bigint {
  let value = u64((hash ^ (hash >> 33n)) * PRIME64_2);
  value = u64((value ^ (value >> 29n)) * PRIME64_3);
  return value ^ (value >> 32n);
}

function rotateLeft(value: bigint, bits: bigint): bigint {
  return u64((value << bits) | (value >> (64n - bits)));
}

function swapBytes(value: bigint): bigint {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes.readBigUInt64BE();
}

/** Unsigned. */
export function xxh3(bytes: Buffer): bigint {
  const { length } = bytes;
  if (length <= 16) return upTo16(bytes);
  if (length <= 128) return upTo128(bytes);
  if (length <= 240) return upTo240(bytes);
  return long(bytes);
}

function upTo16(bytes: Buffer): bigint {
  const { length } = bytes;
  const size = BigInt(length);
  if (length === 0) return avalanche64(read64(secret, 56) ^ read64(secret, 64));
  if (length <= 3) {
    const [first, middle, last] = [bytes[0]!, bytes[length >> 1]!, bytes[length - 1]!];
    const combined = BigInt(((first << 16) | (middle << 24) | last | (length << 8)) >>> 0);
    return avalanche64(combined ^ (read32(secret, 0) ^ read32(secret, 4)));
  }
  if (length <= 8) {
    const combined = read32(bytes, length - 4) + (read32(bytes, 0) << 32n);
    let value = combined ^ (read64(secret, 8) ^ read64(secret, 16));
    value ^= rotateLeft(value, 49n) ^ rotateLeft(value, 24n);
    value = u64(value * PRIME_MX2);
    value ^= u64((value >> 35n) + size);
    value = u64(value * PRIME_MX2);
    return value ^ (value >> 28n);
  }
  const low = read64(bytes, 0) ^ (read64(secret, 24) ^ read64(secret, 32));
  const high = read64(bytes, length - 8) ^ (read64(secret, 40) ^ read64(secret, 48));
  return avalanche(u64(size + swapBytes(low) + high + foldedProduct(low, high)));
}

function mix16(bytes: Buffer, at: number, secretAt: number): bigint {
  return foldedProduct(
    read64(bytes, at) ^ read64(secret, secretAt),
    read64(bytes, at + 8) ^ read64(secret, secretAt + 8),
  );
}

function upTo128(bytes: Buffer): bigint {
  const { length } = bytes;
  let hash = u64(BigInt(length) * PRIME64_1);
  for (let pair = (length - 1) >> 5; pair >= 0; pair--) {
    hash += mix16(bytes, pair * 16, pair * 32) + mix16(bytes, length - (pair + 1) * 16, pair * 32 + 16);
  }
  return avalanche(u64(hash));
}

function upTo240(bytes: Buffer): bigint {
  const { length } = bytes;
  let hash = u64(BigInt(length) * PRIME64_1);
  for (let block = 0; block < 8; block++) hash += mix16(bytes, block * 16, block * 16);
  hash = avalanche(u64(hash));
  for (let block = 8; block < length >> 4; block++) hash += mix16(bytes, block * 16, (block - 8) * 16 + 3);
  hash += mix16(bytes, length - 16, 136 - 17);
  return avalanche(u64(hash));
}

function long(bytes: Buffer): bigint {
  const { length } = bytes;
  const lanes = [PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1];
  const stripesPerBlock = (secret.length - STRIPE_BYTES) / SECRET_STEP_BYTES;
  const blockBytes = STRIPE_BYTES * stripesPerBlock;
  const blocks = Math.floor((length - 1) / blockBytes);
  for (let block = 0; block < blocks; block++) {
    for (let stripe = 0; stripe < stripesPerBlock; stripe++)
      accumulate(lanes, bytes, block * blockBytes + stripe * STRIPE_BYTES, stripe * SECRET_STEP_BYTES);
    scramble(lanes);
  }
  const stripes = Math.floor((length - 1 - blocks * blockBytes) / STRIPE_BYTES);
  for (let stripe = 0; stripe < stripes; stripe++)
    accumulate(lanes, bytes, blocks * blockBytes + stripe * STRIPE_BYTES, stripe * SECRET_STEP_BYTES);
  accumulate(lanes, bytes, length - STRIPE_BYTES, secret.length - STRIPE_BYTES - 7);
  return mergeLanes(lanes, 11, u64(BigInt(length) * PRIME64_1));
}

function accumulate(lanes: bigint[], bytes: Buffer, at: number, secretAt: number): void {
  for (let lane = 0; lane < 8; lane++) {
    const value = read64(bytes, at + lane * 8);
    const key = value ^ read64(secret, secretAt + lane * 8);
    lanes[lane ^ 1] = u64(lanes[lane ^ 1]! + value);
    lanes[lane] = u64(lanes[lane]! + (key & 0xffffffffn) * (key >> 32n));
  }
}

function scramble(lanes: bigint[]): void {
  for (let lane = 0; lane < 8; lane++) {
    const key = read64(secret, secret.length - STRIPE_BYTES + lane * 8);
    const value = lanes[lane]!;
    lanes[lane] = u64((value ^ (value >> 47n) ^ key) * PRIME32_1);
  }
}

function mergeLanes(lanes: readonly bigint[], secretAt: number, start: bigint): bigint {
  let hash = start;
  for (let pair = 0; pair < 4; pair++) {
    hash += foldedProduct(
      lanes[pair * 2]! ^ read64(secret, secretAt + pair * 16),
      lanes[pair * 2 + 1]! ^ read64(secret, secretAt + pair * 16 + 8),
    );
  }
  return avalanche(u64(hash));
}
