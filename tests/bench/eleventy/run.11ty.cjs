// SPDX-License-Identifier: ISC
const { escape, frame, monthWords, dayWords, shortDay } = require('./frame.cjs');
exports.data = { pagination: { data: 'runs', size: 1, alias: 'run' }, permalink: ({ run }) => `runs/${run.path}/index.html` };
const time = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const person = ([name, note]) => `<li><bdi>${escape(name)}</bdi>${note === '' ? '' : ` <span class="meta">${note}</span>`}</li>\n`;
exports.render = ({ run }) => {
	const [hour, minute] = run.start.split(':').map(Number), starts = hour * 60 + minute;
	const height = 100 - Math.floor(100 * run.early / run.came);
	let all = 0;
	return frame(`${run.title}, ${dayWords(run.day)} · Bench`, `<article>
<header class="hero past">
<p class="eyebrow"><a href="/groups/${run.group}/">All dates of this group</a></p>
<h1><bdi>${escape(run.title)}</bdi></h1>
<p class="lead"><time datetime="${run.day}T${run.start}"><span class="first">${dayWords(run.day)}</span>, ${run.start}</time> to ${run.end}&nbsp;${run.zone}</p>
</header>
<div class="sheet">
<div>
<p class="big"><b>${run.came}</b> came</p>
<ul class="split">
<li><b>${run.came - run.late}</b> on time</li>
<li><b>${run.late}</b> late</li>
</ul>
<p class="quiet">How we know: ${run.proofs[0]} without a code, ${run.proofs[1]} by scanning the code, ${run.proofs[2]} by typing the code.</p>
</div>
<figure class="curve">
<figcaption><b>${run.early} of ${run.came}</b> were there at the start</figcaption>
<svg role="img" aria-labelledby="curve-title curve-desc">
<title id="curve-title">How many had arrived by what time</title>
<desc id="curve-desc">A line that rises to ${run.came}, with ${run.early} at the start. The table below has the numbers.</desc>
<line class="then" x1="50%" x2="50%" y1="0" y2="100%"/>
<line class="base" x2="100%" y1="100%" y2="100%"/>
<svg viewBox="-15 -${run.came} 30 ${run.came}" preserveAspectRatio="none"><path vector-effect="non-scaling-stroke" d="M-15 0${run.steps.map((came, i) => `H${5 * i - 15}l5 -${came}`).join('')}H15"/></svg>
<circle cx="50%" cy="${height}%" r="4"/><text class="up" dx="-.4em" dy="-.5em" text-anchor="end" x="50%" y="${height}%">${run.early}</text>
<circle cx="100%" cy="0" r="4"/><text class="up" dy="-.6em" text-anchor="end" x="100%" y="0">${run.came}</text>
<text class="under" dy="1.5em" x="0" y="100%">${time(starts - 15)}</text>
<text class="under" dy="1.5em" text-anchor="middle" x="50%" y="100%">${run.start}, the start</text>
<text class="under" dy="1.5em" text-anchor="end" x="100%" y="100%">${time(starts + 15)}</text>
</svg>
<details>
<summary>The numbers</summary>
<table class="data">
<caption class="unseen">Arrivals in steps of five minutes</caption>
<thead><tr><th scope="col">From</th><th scope="col" class="n">Came</th><th scope="col" class="n">In all</th></tr></thead>
<tbody>
${run.steps.map((came, i) => `<tr><th scope="row">${time(starts + 5 * i - 15)}</th><td class="n">${came}</td><td class="n">${all += came}</td></tr>\n`).join('')}</tbody>
</table>
</details>
</figure>
</div>
<h2>Who came</h2>
<ol class="people">
${run.people.map(person).join('')}</ol>
</article>
<nav class="pager wide" aria-label="${escape(run.title)}">
${run.before ? `<a rel="prev" href="/runs/${run.before.path}/">${shortDay(run.before.day)}</a>\n` : ''}<a href="/calendar/${run.month}/"><span class="first">${monthWords(run.month)}</span></a>
${run.after ? `<a rel="next" href="/runs/${run.after.path}/">${shortDay(run.after.day)}</a>\n` : ''}</nav>`);
};
