// The beginning of a body on one line: line breaks and control characters become visible marks instead of breaking it.

import type { Body } from '../../lib/api/types.ts';
import { bytesOfBase64, hexOf } from './bytes.ts';

const PREVIEW_CHARACTERS = 300;
const PREVIEW_BYTES = 48;

export function previewLine(body: Body): string {
  if (body.encoding === 'base64') {
    const bytes = bytesOfBase64(body.text.slice(0, PREVIEW_BYTES * 2));
    return `${hexOf(bytes.subarray(0, PREVIEW_BYTES), ' ')}${body.size > PREVIEW_BYTES ? ' …' : ''}`;
  }
  const shown = body.text.slice(0, PREVIEW_CHARACTERS);
  const cut = body.truncated || body.text.length > shown.length;
  return `${shown.replace(/\p{Cc}+/gu, markOf)}${cut ? '…' : ''}`;
}

function markOf(run: string): string {
  if (/^[\t ]+$/.test(run)) return ' ';
  return /[\r\n]/.test(run) ? ' ' : '\ufffd'.repeat(run.length);
}
