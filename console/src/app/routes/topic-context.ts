// What the tabs of a topic get from its page.

import { createContext, use } from 'react';
import type { ProduceForm } from '../../features/messages/record-draft.ts';
import type { Topic } from '../../lib/api/types.ts';

export interface TopicPageContext {
  /** Undefined while it loads. */
  readonly topic: Topic | undefined;
  readonly openProduce: (form: ProduceForm) => void;
}

export const TopicContext = createContext<TopicPageContext | null>(null);

export function useTopicPage(): TopicPageContext {
  return use(TopicContext)!;
}
