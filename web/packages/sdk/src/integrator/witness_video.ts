// `finOpenWitnessVideo` of the seeds: one call that shows the interview and says how it went.
import { defineElements } from '../elements/elements';
import { ProblemError } from '../problem';
import { TelewitnessClient, type ClientOptions } from './client';
import type { ExitResult } from './exit_result';

export interface WitnessVideoParameters {
  /** Kept for callers that pass it; there is one kind of video here. */
  videoType?: string;
  /** Host of the server. */
  videoIp: string;
  videoPort: string | number;
  /** The customer's nick name. */
  loginName: string;
  /** The login token of the integrator's own server. Required here: a name alone proves nothing. */
  loginPwd: string;
  /** The queue. */
  roomId: string;
  roomName?: string;
  roomPwd?: string;
  /** The company account. */
  appId: string;
  /** What the token is for, beside the account. */
  businessId: string;
  assistId?: string;
  companyName: string;
}

export interface WitnessVideoResult {
  /** "0" done, "1" failed, "2" rejected; "2" only where the company tells its customers. */
  videoFlag: '0' | '1' | '2';
  /** Empty unless the company tells its customers the reason as well. */
  rejectReason: string;
  /** The end reason, or the code of what failed. */
  message: string;
}

export interface WitnessVideoOptions extends Pick<ClientOptions, 'fetch'> {
  /** Where the page appears; default the whole window. */
  container?: HTMLElement;
  language?: 'zh-CN' | 'en';
  accent?: string;
}

const kWholeWindow = 'position: fixed; inset: 0; z-index: 2147483647; border: 0; border-radius: 0';

/** Never rejects: everything that can happen is a result. */
export async function openWitnessVideo(
  parameters: WitnessVideoParameters,
  options: WitnessVideoOptions = {},
): Promise<WitnessVideoResult> {
  try {
    const client = new TelewitnessClient({
      server: `https://${parameters.videoIp}:${parameters.videoPort}`,
      token: parameters.loginPwd,
      ...(options.fetch ? { fetch: options.fetch } : {}),
    });
    const { appId, businessId, assistId = '', companyName } = parameters;
    await client.login(appId, businessId, assistId, companyName);
    const started = await client.startInterview({ nickName: parameters.loginName, queueId: parameters.roomId });
    return await show(started.link, appId, options);
  } catch (error) {
    return failed(error instanceof ProblemError ? error.code : 'parameters.invalid');
  }
}

function show(link: string, account: string, options: WitnessVideoOptions): Promise<WitnessVideoResult> {
  defineElements();
  const element = document.createElement('telewitness-customer');
  element.setAttribute('account', account);
  if (options.language) element.setAttribute('language', options.language);
  if (options.accent) element.setAttribute('accent', options.accent);
  if (!options.container) element.style.cssText = kWholeWindow;
  element.link = link;
  return new Promise((resolve) => {
    const finish = (result: WitnessVideoResult) => {
      element.remove();
      resolve(result);
    };
    element.addEventListener('ended', (event) => finish(resultOf((event as CustomEvent<ExitResult>).detail)));
    element.addEventListener('error', (event) =>
      finish(failed((event as unknown as CustomEvent<{ code: string }>).detail.code)),
    );
    (options.container ?? document.body).append(element);
  });
}

export function resultOf(exit: ExitResult): WitnessVideoResult {
  if (exit.endReason !== 'concluded') return failed(exit.endReason);
  const sentBack = exit.outcome === 'rejected' || exit.outcome === 'needs_supplement';
  return { videoFlag: sentBack ? '2' : '0', rejectReason: sentBack ? (exit.reason ?? '') : '', message: 'concluded' };
}

const failed = (message: string): WitnessVideoResult => ({ videoFlag: '1', rejectReason: '', message });
