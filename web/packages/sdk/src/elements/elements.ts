// <telewitness-customer> and <telewitness-agent>: our pages inside anyone's, without a framework.
import { FrameElement } from './frame_element';

/**
 * The customer's page. Attributes: `account` (the company), `link` or the property of that name, `server` (default: the
 * link's), `language` (zh-CN, en), `accent` (#rrggbb), `logo` (an address), `company` (a name beside the logo). Events: `ready`,
 * `state` {state}, `ended` (an ExitResult), `error` {code}. `leave()` ends it.
 */
export class TelewitnessCustomerElement extends FrameElement {
  protected readonly page = '/i/';
  protected readonly title_ = { 'zh-CN': '视频面签', en: 'Video interview' };
}

/** The agent's workbench, by a link of `POST /agent-links`. The same attributes; `ended` names each interview that is over. */
export class TelewitnessAgentElement extends FrameElement {
  protected readonly page = '/workbench/';
  protected readonly title_ = { 'zh-CN': '坐席工作台', en: 'Agent workbench' };
}

/** Makes both known to the browser; again changes nothing. */
export function defineElements(registry: CustomElementRegistry = customElements): void {
  if (!registry.get('telewitness-customer')) registry.define('telewitness-customer', TelewitnessCustomerElement);
  if (!registry.get('telewitness-agent')) registry.define('telewitness-agent', TelewitnessAgentElement);
}

declare global {
  interface HTMLElementTagNameMap {
    'telewitness-customer': TelewitnessCustomerElement;
    'telewitness-agent': TelewitnessAgentElement;
  }
}
