// The administrator's way through the console.
import { AgentPage } from './agent_page.mjs';

export class ConsolePage extends AgentPage {
  /** Signed in, at the first section. */
  static async enter(stage, { locale = 'zh-CN', screen, shared = null } = {}) {
    const opened = await AgentPage.open({ locale, shared, ...(screen ? { screen } : {}) });
    const self = new ConsolePage(opened.process, opened.context, opened.page);
    self.origin = stage.server.origin;
    await self.page.goto(`${self.origin}/console/`);
    await self.fill('sign-in-account', stage.demo.account);
    await self.fill('sign-in-name', stage.demo.administrator.name);
    await self.fill('sign-in-password', stage.demo.administrator.password);
    await self.button('sign-in-submit').click();
    await self.button('nav-interviews').waitFor();
    return self;
  }

  async go(section) {
    await this.button(`nav-${section}`).click();
    await this.page.locator(`[data-testid="nav-${section}"][aria-current="page"]`).waitFor();
  }
}
