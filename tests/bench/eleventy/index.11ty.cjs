// SPDX-License-Identifier: ISC
const { frame, monthWords } = require('./frame.cjs');
exports.data = { permalink: 'index.html' };
exports.render = ({ months }) => frame('Bench', `<h1>History</h1>
<ul class="chips">
${months.map(({ month }) => `<li><a href="/history/${month}/"><span class="first">${monthWords(month)}</span></a></li>\n`).join('')}</ul>`);
