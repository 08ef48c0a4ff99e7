// What the script adds to pages that are complete without it: reading figures, choosing a stretch of
// time, a map for the keyboard, live updates, copy buttons, a theme at once.
//
// It keeps nothing about anybody: no cookie, no storage, no request but to the server of the page.
//
// SPDX-License-Identifier: Apache-2.0
import styleAddress from './style.css?url';
import { enhanceRows } from './closer_button';
import { enhanceCopies } from './copy';
import { enhanceFigures } from './figures';
import { listen } from './live';
import { enhanceMap } from './map';
import { followHistory, onEachPage } from './page';
import { switchTheme } from './theme';

const style = document.createElement('link');
style.rel = 'stylesheet';
style.href = styleAddress;
document.head.append(style);

onEachPage(enhanceFigures);
onEachPage(enhanceRows);
onEachPage(enhanceMap);
onEachPage(enhanceCopies);
followHistory();
switchTheme();
listen();
document.documentElement.dataset['script'] = 'ready';
