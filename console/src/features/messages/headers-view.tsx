// The headers of a record, in their order; a name may come twice, a value may be null, empty or bytes.

import { CopyButton } from '../../components/ui/copy-button.tsx';
import type { Header } from '../../lib/api/types.ts';
import { useTranslate } from '../../lib/i18n/index.ts';
import { previewLine } from './preview-line.ts';

export function HeadersView({ headers }: { headers: readonly Header[] }) {
  const t = useTranslate();
  if (headers.length === 0) return <p className="px-4 py-6 text-sm text-muted">{t('record.noHeaders')}</p>;
  return (
    <div
      role="region"
      aria-label={t('record.headers')}
      tabIndex={0}
      className="ring-inside min-h-0 grow overflow-auto"
    >
      <table className="w-full text-xs">
        <thead>
          <tr className="h-8 border-b border-line bg-sunken text-left text-muted">
            <th scope="col" className="w-2/5 px-4 font-medium">
              {t('record.headerKey')}
            </th>
            <th scope="col" className="font-medium">
              {t('record.headerValue')}
            </th>
            <th scope="col" className="w-9">
              <span className="sr-only">{t('common.copy')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {headers.map((header, index) => (
            <tr key={index} className="border-b border-line align-top">
              <td className="mono px-4 py-1.5 break-all text-json-key">
                {header.key === '' ? <Dim text={t('messages.empty')} /> : header.key}
              </td>
              <td className="mono py-1.5 break-all">
                {header.value === null ? (
                  <Dim text="null" />
                ) : header.value.size === 0 ? (
                  <Dim text={t('messages.empty')} />
                ) : header.value.encoding === 'base64' ? (
                  previewLine(header.value)
                ) : (
                  header.value.text
                )}
              </td>
              <td>
                {header.value !== null && (
                  <CopyButton text={header.value.text} label={t('record.copyHeader', { name: header.key })} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Dim({ text }: { text: string }) {
  return <span className="text-faint italic">{text}</span>;
}
