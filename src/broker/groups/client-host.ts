// A member's address as Apache Kafka writes it into group metadata and shows it in DescribeGroups: Java's
// InetAddress.toString without a host name, so a slash, then IPv4, or IPv6 with all eight groups.

const MAPPED_IPV4 = '::ffff:';

export function clientHostOf(remoteAddress: string): string {
  if (remoteAddress.startsWith(MAPPED_IPV4)) return `/${remoteAddress.slice(MAPPED_IPV4.length)}`;
  return `/${remoteAddress.includes(':') ? withAllGroups(remoteAddress) : remoteAddress}`;
}

function withAllGroups(address: string): string {
  const [groups, zone] = address.split('%') as [string, string | undefined];
  const [head = '', tail] = groups.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : new Array<string>(8 - left.length - right.length).fill('0');
  const full = [...left, ...zeros, ...right].join(':');
  return zone === undefined ? full : `${full}%${zone}`;
}
