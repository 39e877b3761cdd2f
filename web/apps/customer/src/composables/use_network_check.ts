// The network check of the device page: runs once by itself, again by a press, and ends with the page.
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import {
  measureNetwork,
  NoAnswer,
  Refused,
  verdictOf,
  type Measured,
  type NetworkProbe,
  type Verdict,
} from '../logic/network_check';

/** `unknown`: the server did not want to be asked; it says nothing about the network. */
export type NetworkState = 'running' | 'done' | 'unknown';

export interface NetworkCheck {
  state: Ref<NetworkState>;
  measured: ShallowRef<Measured | undefined>;
  verdict: ShallowRef<Verdict | undefined>;
  run(): Promise<void>;
}

export function useNetworkCheck(probe: NetworkProbe, nowMs?: () => number): NetworkCheck {
  const state = ref<NetworkState>('running');
  const measured = shallowRef<Measured>();
  const verdict = shallowRef<Verdict>();
  let current: AbortController | undefined;

  async function run(): Promise<void> {
    current?.abort();
    const mine = (current = new AbortController());
    state.value = 'running';
    try {
      const found = await measureNetwork(probe, mine.signal, nowMs);
      if (mine.signal.aborted) return;
      measured.value = found;
      verdict.value = verdictOf(found);
      state.value = 'done';
    } catch (error) {
      if (mine.signal.aborted) return;
      if (!(error instanceof Refused) && !(error instanceof NoAnswer)) throw error;
      state.value = 'unknown';
    }
  }
  onScopeDispose(() => current?.abort());
  void run();
  return { state, measured, verdict, run };
}
