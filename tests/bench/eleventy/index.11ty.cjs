// SPDX-License-Identifier: ISC
const { frame } = require('./frame.cjs');
exports.data = { permalink: 'index.html' };
exports.render = ({ months }) => frame('Bench', `<h1>Bench</h1>
<ul>
${months.map(({ month }) => `<li><a href="/${month}/">${month}</a></li>\n`).join('')}</ul>`);
