// The agent's desk as the page sees it: the server's newest state, the interview of now, and what can be done.
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { kCloseTakenOver, type AgentSession, type SocketStatus } from '@telewitness/client';
import {
  createServerClock,
  toProblem,
  useAction,
  type Action,
  type AgentInterview,
  type DeskState,
  type NewOutcome,
  type NewPhoto,
  type Orientation,
  type Presence,
  type ProblemLike,
  type ServerClock,
} from '@telewitness/desk';

export type DeskSession = Pick<
  AgentSession,
  | 'on'
  | 'events'
  | 'connect'
  | 'fetchDesk'
  | 'fetchInterview'
  | 'setPresence'
  | 'answer'
  | 'decline'
  | 'take'
  | 'hangUp'
  | 'conclude'
  | 'takePhoto'
  | 'setOrientation'
  | 'deletePhoto'
  | 'finishWrapUp'
>;

export type Phase = DeskState['activity'];

export interface Desk {
  state: ShallowRef<DeskState | undefined>;
  phase: ComputedRef<Phase>;
  /** The interview that rings, is talked in or wrapped up. */
  activeId: ComputedRef<string | undefined>;
  /** The newest state of that interview; undefined until it is there. */
  interview: ComputedRef<AgentInterview | undefined>;
  connection: ShallowRef<SocketStatus>;
  takenOver: ComputedRef<boolean>;
  draining: Ref<boolean>;
  clock: ServerClock;
  /** The desk or the interview could not be read; asked again by itself. */
  problem: ShallowRef<ProblemLike | undefined>;
  /** `takeOver`: instead of this person's other page. */
  connect(takeOver?: boolean): void;
  /** Reads the interview of now again, for instance when its media access was refused. */
  refreshInterview(): Promise<void>;
  setPresence: Action<[Presence]>;
  answer: Action<[string]>;
  decline: Action<[string]>;
  take: Action<[string]>;
  hangUp: Action<[]>;
  conclude: Action<[NewOutcome]>;
  takePhoto: Action<[wanted?: NewPhoto]>;
  setOrientation: Action<[Orientation]>;
  deletePhoto(photoId: string): Promise<void>;
  finishWrapUp: Action<[]>;
}

/** Between two tries to read what the page needs to go on. */
export const kReadAgainMs = 1_500;

const timeOf = (state: { serverTime: string } | undefined) => (state ? Date.parse(state.serverTime) : 0);

/** Where the agent stands: an answer to a command may be newer than the desk's last news. */
export function phaseOf(
  desk: DeskState | undefined,
  interview: AgentInterview | undefined,
): { phase: Phase; id?: string } {
  const id = desk?.ring?.interviewId ?? desk?.interviewId;
  const known = { phase: desk?.activity ?? 'idle', ...(id ? { id } : {}) };
  if (!interview || timeOf(interview) < timeOf(desk)) return known;
  const { status, id: heard } = interview.interview;
  // Handed over to this agent: until they answer, another one talks. Handed over by this agent: another one talks on.
  if (interview.transfer && desk?.ring?.interviewId === heard) return known;
  if (known.phase === 'wrapping_up' && heard === id) return known;
  if (status === 'talking') return { phase: 'talking', id: heard };
  if (status === 'ended' && heard === id && known.phase === 'talking') return { phase: 'wrapping_up', id: heard };
  return known;
}

export function createDesk(session: DeskSession): Desk {
  const state = shallowRef<DeskState>();
  const heard = shallowRef<AgentInterview>();
  const connection = shallowRef<SocketStatus>(session.events.status);
  const draining = ref(false);
  const problem = shallowRef<ProblemLike>();
  const clock = createServerClock();
  const stand = computed(() => phaseOf(state.value, heard.value));
  const phase = computed(() => stand.value.phase);
  const activeId = computed(() => stand.value.id);
  const interview = computed(() => (heard.value?.interview.id === activeId.value ? heard.value : undefined));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gone = false;

  const stop = [
    session.on('desk', (now) => {
      clock.adjust(now.serverTime);
      state.value = now;
      draining.value = now.alarms?.includes('draining') ?? false;
    }),
    session.on('interview', (now) => {
      clock.adjust(now.serverTime);
      heard.value = now;
    }),
    session.on('connection', (now) => {
      connection.value = now;
      if (now.state === 'connected' && now.resumed === false) void read();
    }),
    session.on('notice', (code) => {
      if (code === 'server.draining') draining.value = true;
    }),
  ];
  onScopeDispose(() => {
    gone = true;
    clearTimeout(timer);
    for (const end of stop) end();
  }, true);

  function isMissing(): boolean {
    if (!activeId.value) return false;
    if (!interview.value) return true;
    return (phase.value === 'ringing' || phase.value === 'talking') && !interview.value.media;
  }

  /** Reads what the page needs and does not have; again until it has. */
  async function read(): Promise<void> {
    clearTimeout(timer);
    if (gone || takenOver.value) return;
    try {
      if (!state.value) await session.fetchDesk();
      if (activeId.value && isMissing()) await session.fetchInterview(activeId.value);
      problem.value = undefined;
    } catch (error) {
      problem.value = toProblem(error);
    }
    if (!gone && (problem.value || isMissing())) timer = setTimeout(() => void read(), kReadAgainMs);
  }
  const takenOver = computed(() => connection.value.state === 'closed' && connection.value.code === kCloseTakenOver);
  watch([activeId, phase], () => void read());

  async function withId<T>(act: (interviewId: string) => Promise<T>): Promise<T | undefined> {
    return activeId.value ? act(activeId.value) : undefined;
  }

  return {
    state,
    phase,
    activeId,
    interview,
    connection,
    takenOver,
    draining,
    clock,
    problem,
    connect(takeOver = false) {
      session.connect(takeOver);
      void read();
    },
    refreshInterview: async () => void (await withId((id) => session.fetchInterview(id))),
    setPresence: useAction((presence) => session.setPresence(presence)),
    answer: useAction((id) => session.answer(id)),
    decline: useAction((id) => session.decline(id)),
    take: useAction((id) => session.take(id)),
    hangUp: useAction(() => withId((id) => session.hangUp(id))),
    conclude: useAction((outcome) => withId((id) => session.conclude(id, outcome))),
    setOrientation: useAction((orientation) => withId((id) => session.setOrientation(id, orientation))),
    takePhoto: useAction((wanted?: NewPhoto) =>
      withId(async (id) => {
        await session.takePhoto(id, wanted);
        // The news may be a moment away; the strip shows the pending photo at once.
        await session.fetchInterview(id);
      }),
    ),
    deletePhoto: async (photoId) =>
      void (await withId(async (id) => {
        await session.deletePhoto(id, photoId);
        await session.fetchInterview(id);
      })),
    finishWrapUp: useAction(() => session.finishWrapUp()),
  };
}
