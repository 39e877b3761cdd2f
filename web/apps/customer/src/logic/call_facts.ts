// What the call page shows, whoever looks at it: the customer or a third party.
import type { Connection, CustomerState, GuestState, Person } from '@telewitness/client';

export interface CallFacts {
  self: 'customer' | 'guest';
  companyName: string;
  answeredAt: string | undefined;
  /** Whom one talks with: the agent. */
  agentName: string | undefined;
  agentConnection: Connection | undefined;
  people: Person[];
  voiceOnly: boolean;
  held: boolean;
  /** Handed over to another queue; nobody of it has answered yet. */
  transferring: boolean;
}

export function factsOfCustomer(state: CustomerState): CallFacts {
  return {
    self: 'customer',
    companyName: state.companyName,
    answeredAt: state.answeredAt,
    agentName: state.agentName,
    agentConnection: state.agentConnection,
    people: state.people ?? [],
    voiceOnly: state.voiceOnly ?? false,
    held: state.held ?? false,
    transferring: state.transferring ?? false,
  };
}

export function factsOfGuest(state: GuestState): CallFacts {
  const agent = state.people.find((person) => person.role === 'agent');
  return {
    self: 'guest',
    companyName: state.companyName,
    answeredAt: undefined, // they come later: how long the others talk is not theirs
    agentName: agent?.displayName,
    agentConnection: undefined,
    people: state.people,
    voiceOnly: state.voiceOnly,
    held: state.held,
    transferring: false,
  };
}

export interface Coming {
  kind: 'joined' | 'left';
  person: Person;
}

/** Third parties and supervisors who came or went; the customer, the agent and players have words of their own. */
export function comingsOf(before: readonly Person[], now: readonly Person[]): Coming[] {
  const told = (people: readonly Person[]) =>
    people.filter((person) => person.role === 'guest' || person.role === 'supervisor');
  const has = (people: readonly Person[], person: Person) =>
    people.some((other) => other.participant === person.participant);
  return [
    ...told(now)
      .filter((person) => !has(before, person))
      .map((person): Coming => ({ kind: 'joined', person })),
    ...told(before)
      .filter((person) => !has(now, person))
      .map((person): Coming => ({ kind: 'left', person })),
  ];
}
