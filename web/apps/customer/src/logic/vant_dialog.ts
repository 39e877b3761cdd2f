// Loaded when the first question is asked: see confirm.ts.
import 'vant/es/action-bar/index.css';
import 'vant/es/action-bar-button/index.css';
import 'vant/es/overlay/index.css';
import 'vant/es/popup/index.css';
import 'vant/es/dialog/index.css';
export { showConfirmDialog } from 'vant/es/dialog';
