import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { html } from './html.ts';

describe('the html template', () => {
  it('escapes every value and keeps markup of its own', () => {
    const evil = `<script>alert("1")</script>'&`;
    const inner = html`<b>${evil}</b>`;
    assert.equal(
      html`<p class="${evil}">${[inner, inner]}${null}${false}${0}</p>`.text.includes('<script>'),
      false,
    );
    assert.match(inner.text, /^<b>&lt;script&gt;alert\(&quot;1&quot;\)&lt;\/script&gt;&#39;&amp;<\/b>$/);
  });
});
