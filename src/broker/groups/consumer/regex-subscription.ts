// Subscriptions by regular expression: a heartbeat says whether its own is new and which of the group's must be matched
// against the topics again; that is done as a decision of its own right after it, as in Apache Kafka, so that the
// member that brings a pattern sees its topics with its next heartbeat. (maybeUpdateRegularExpressions,
// handleRegularExpressionsResult.)

import { KafkaError } from '../../../protocol/errors.ts';
import { compileRegex, RegexSyntaxError } from '../../regex/regex.ts';
import type { GroupRecord } from '../group-records.ts';
import type { ConsumerContext, ConsumerDecision } from './consumer-decision.ts';
import { type ConsumerGroup, type ResolvedRegex, regexesOf } from './consumer-group.ts';
import { type ConsumerMember, hasRegex, isSameList } from './consumer-member.ts';
import { epochRecord, regexRecord, regexTombstone } from './consumer-records.ts';
import { metadataHashOf, type ResolvedRegexes } from './subscriptions.ts';
import type { TopicsView } from './topics-view.ts';

/** Apache Kafka's: patterns are matched again at most this often, however fast topics come. */
const REFRESH_INTERVAL_MS_MIN = 10_000;

export interface RegexOutcome {
  readonly isChanged: boolean;
  /** It is changed, and what it stands for now is known already. */
  readonly isResolved: boolean;
  /** Null: nothing to do. */
  readonly toResolve: ReadonlySet<string> | null;
  /** What is known, without what nobody subscribes to any more. */
  readonly resolved: ResolvedRegexes;
}

export interface RegexInput {
  readonly group: ConsumerGroup;
  readonly before: ConsumerMember;
  readonly updated: ConsumerMember;
  readonly context: ConsumerContext;
  readonly records: GroupRecord[];
}

export function decideRegexes(input: RegexInput): RegexOutcome {
  const { group, before, updated, records } = input;
  const resolved = new Map(group.resolvedRegexes);
  const isChanged = before.topicRegex !== updated.topicRegex;
  let isResolved = false;
  let isNew = false;
  if (isChanged) {
    if (hasRegex(before) && group.subscribersOfRegex(before.topicRegex) === 1) {
      records.push(regexTombstone(group.groupId, before.topicRegex));
      resolved.delete(before.topicRegex);
    }
    if (!hasRegex(updated)) isResolved = hasRegex(before);
    else if (group.subscribersOfRegex(updated.topicRegex) > 0) isResolved = resolved.has(updated.topicRegex);
    else {
      assertValid(updated.topicRegex);
      isNew = true;
    }
  }
  return { isChanged, isResolved, toResolve: regexesToResolve(input, isNew), resolved };
}

function assertValid(regex: string): void {
  try {
    compileRegex(regex);
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error;
    throw new KafkaError(
      'INVALID_REGULAR_EXPRESSION',
      `SubscribedTopicRegex \`${regex}\` is not a valid regular expression: ${error.message}.`,
    );
  }
}

function regexesToResolve(
  { group, before, updated, context }: RegexInput,
  isNew: boolean,
): ReadonlySet<string> | null {
  const { nowMs, topics, settings } = context;
  const subscribed = regexesOf(group.members.values());
  if (!isNew && subscribed.size === 0) return null;
  const [last] = group.resolvedRegexes.values();
  if (last !== undefined && nowMs <= last.timestampMs + REFRESH_INTERVAL_MS_MIN) return null;
  if (hasRegex(before)) {
    const left = (subscribed.get(before.topicRegex) ?? 0) - 1;
    if (left > 0) subscribed.set(before.topicRegex, left);
    else subscribed.delete(before.topicRegex);
  }
  if (hasRegex(updated)) subscribed.set(updated.topicRegex, 1);
  const isDue =
    isNew ||
    subscribed.size !== group.resolvedRegexes.size ||
    (last?.version ?? 0) < topics.newTopicsVersion ||
    (last !== undefined && nowMs > last.timestampMs + settings.regexRefreshIntervalMs);
  return isDue && subscribed.size > 0 ? new Set(subscribed.keys()) : null;
}

/** What these patterns match now. A pattern that cannot be read (only an older program can have let it in) matches nothing. */
function matchTopics(regexes: ReadonlySet<string>, topics: TopicsView, nowMs: number): ResolvedRegexes {
  const resolved = new Map<string, ResolvedRegex>();
  const names = [...topics.names()].sort();
  for (const regex of regexes) {
    let matching: string[] = [];
    try {
      const compiled = compileRegex(regex);
      matching = names.filter(name => compiled.matches(name));
    } catch (error) {
      if (!(error instanceof RegexSyntaxError)) throw error;
    }
    resolved.set(regex, { topics: matching, version: topics.version, timestampMs: nowMs });
  }
  return resolved;
}

export function decideResolved(
  group: ConsumerGroup,
  regexes: ReadonlySet<string>,
  { topics, nowMs }: ConsumerContext,
): ConsumerDecision<null> {
  const records: GroupRecord[] = [];
  const resolved = new Map(group.resolvedRegexes);
  let isChanged = false;
  for (const [regex, found] of matchTopics(regexes, topics, nowMs)) {
    if (group.subscribersOfRegex(regex) === 0) continue;
    if (!isSameList(resolved.get(regex)?.topics ?? [], found.topics)) isChanged = true;
    resolved.set(regex, found);
    records.push(regexRecord(group.groupId, regex, found));
  }
  const metadataHash = metadataHashOf(group.members, resolved, topics);
  const isBumped = isChanged || metadataHash !== group.metadataHash;
  if (isBumped) records.push(epochRecord(group.groupId, group.groupEpoch + 1, metadataHash));
  const decision = { records, response: null, timers: [], reason: 'topics matched' };
  return isBumped ? { ...decision, checkedTopicsVersion: topics.version } : decision;
}
