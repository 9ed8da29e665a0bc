// The subject of a certificate as X500Principal.getName() writes it (RFC 2253): last part first, the nine names of the RFC,
// any other type by its number with the value in hex. Reads just enough DER (X.690) of the certificate; every length is
// checked against what is there.

interface Element {
  readonly tag: number;
  readonly whole: Buffer;
  readonly content: Buffer;
}

const KEYWORDS: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
]);
const BMP_STRING = 0x1e;
/** UTF8, Printable, T61, IA5, General, BMP. */
const TEXT_TAGS = [0x0c, 0x13, 0x14, 0x16, 0x1b, BMP_STRING];
const VERSION_TAG = 0xa0;

/** Of a certificate in DER. */
export function subjectOf(certificate: Buffer): string {
  const [whole] = elementsOf(certificate);
  const [body] = elementsOf(whole!.content);
  const fields = elementsOf(body!.content);
  // version?, serialNumber, signature, issuer, validity, subject
  const subject = fields[fields[0]?.tag === VERSION_TAG ? 5 : 4]!;
  return elementsOf(subject.content)
    .map(names => elementsOf(names.content).map(attributeText).join('+'))
    .reverse()
    .join(',');
}

function elementsOf(buffer: Buffer): Element[] {
  const elements: Element[] = [];
  for (let position = 0; position < buffer.length; ) {
    const tag = buffer.readUInt8(position);
    let length = buffer.readUInt8(position + 1);
    let start = position + 2;
    if (length > 0x80) {
      const size = length - 0x80;
      length = buffer.readUIntBE(start, size);
      start += size;
    }
    const end = start + length;
    if (end > buffer.length) throw new RangeError('a certificate ends inside one of its parts');
    elements.push({ tag, whole: buffer.subarray(position, end), content: buffer.subarray(start, end) });
    position = end;
  }
  return elements;
}

function attributeText(attribute: Element): string {
  const [type, value] = elementsOf(attribute.content) as [Element, Element];
  const id = objectIdentifier(type.content);
  const keyword = KEYWORDS.get(id);
  if (keyword === undefined || !TEXT_TAGS.includes(value.tag)) {
    return `${keyword ?? id}=#${value.whole.toString('hex')}`;
  }
  return `${keyword}=${escaped(textOf(value))}`;
}

function textOf({ tag, content }: Element): string {
  return tag === BMP_STRING ? Buffer.from(content).swap16().toString('utf16le') : content.toString('utf8');
}

/** AVA.toRFC2253String. */
function escaped(text: string): string {
  return text
    .replaceAll(/[,=+<>#;"\\]/g, String.raw`\$&`)
    .replaceAll('\0', String.raw`\00`)
    .replace(/^ +| +$/g, spaces => '\\ '.repeat(spaces.length));
}

function objectIdentifier(content: Buffer): string {
  const numbers: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(value);
      value = 0;
    }
  }
  const first = numbers.shift() ?? 0;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...numbers].join('.');
}
