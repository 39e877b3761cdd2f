// @telewitness/client/elements: importing it makes both elements known.
import { defineElements } from './elements/elements';

export { defineElements, TelewitnessAgentElement, TelewitnessCustomerElement } from './elements/elements';

if (typeof customElements !== 'undefined') defineElements();
