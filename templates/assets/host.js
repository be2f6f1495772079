// SPDX-License-Identifier: ISC
// host.js: who is here, for the host: fills the lists of the page from live.json beside it, and again when its sequence moves on.
// Whether somebody is guessing codes, turnoutd alone knows. The words come with the page.

const VISIBLE_MS = 2000, HIDDEN_MS = 30000, LONGEST_MS = 60000, ALARM_MS = 10000;
const { dataset: say } = document.querySelector('main');
const part = (id) => document.getElementById(id);
let sequence = -1, number = null, heard = Date.now(), failures = 0, timer, asked = 0;

// "18:31" of "2026-11-28T18:31:05+00:00": the wall time of the run, wherever this phone is.
const clock = (iso) => iso.slice(11, 16);

function element(name, text, of = '') {
	const made = document.createElement(name);
	made.textContent = text;
	if (of) made.className = of;
	return made;
}

function line(one) {
	const made = element('li', ''), says = [one.status === 'late' && say.late, say[one.proof], one.is_delivered_late && say.deliveredLate,
		one.received_at && say.cameIn.replace('{time}', clock(one.received_at)), one.left_at && say.leftAt.replace('{time}', clock(one.left_at)),
		one.pending && say.missing.replace('{what}', one.pending.split(' ').map((what) => say[what === 'access-point' ? 'accessPoint' : what] ?? what).join(', '))]
		.filter(Boolean);
	made.append(Object.assign(element('b', one.name), { dir: 'auto' }), element('span', `${clock(one.at)} · ${says.join(' · ')}`, 'quiet'));
	return made;
}

function fill(id, lines) {
	part(id).hidden = lines.length === 0;
	part(id).querySelector('.lines').replaceChildren(...lines.map(line));
}

function fill_arrivals(steps) {
	let come = 0;
	part('arrivals').hidden = steps.length === 0;
	part('arrivals').querySelector('tbody').replaceChildren(...steps.map(({ at, number: came }) => {
		const row = element('tr', ''), from = element('th', clock(at));
		from.scope = 'row';
		row.append(from, element('td', came, 'n'), element('td', come += came, 'n'));
		return row;
	}));
}

function show(live) {
	if (live.sequence < sequence || (live.sequence === sequence && live.number === number && number !== null)) return;
	({ sequence, number } = live);
	part('count').textContent = live.count;
	part('more').replaceChildren(...[['late', live.late], ['excused', live.excused], ['absent', live.absent], ['left', live.left],
		['toSettle', live.to_settle]].filter(([, count]) => count > 0).map(([what, count]) => {
		const made = element('li', ''), [before, after] = part('more').dataset[what].split('{count}');
		made.append(before, element('b', count), after);
		return made;
	}));
	fill('settle', live.lines_to_settle);
	fill('late', live.lines_delivered_late);
	fill('recent', live.recent);
	fill_arrivals(live.arrivals);
}

async function read(address) {
	const reply = await fetch(address, { cache: 'no-cache', signal: AbortSignal.timeout(10000) });
	if (!reply.ok) throw new Error(reply.status);
	return reply.json();
}

// While check-in is open; where nobody answers, that is told by the form.
async function look_for_guessers(is_open) {
	if (is_open && Date.now() - asked < ALARM_MS) return;
	asked = Date.now();
	const guessing = is_open && await read(say.stats).then((stats) => stats.guessing, () => false);
	if (part('guessing').hidden === guessing) part('guessing').hidden = !guessing;
}

async function poll() {
	clearTimeout(timer);
	try {
		const live = await read('live.json');
		show(live);
		look_for_guessers(live.state === 'open');
		heard = Date.now();
		failures = 0;
	} catch {
		failures++;
	}
	const seconds = Math.round((Date.now() - heard) / 1000), steady = document.hidden ? HIDDEN_MS : VISIBLE_MS;
	part('age').textContent = failures && seconds >= 10 ? say.old.replace('{seconds}', seconds) : '';
	clearTimeout(timer);
	timer = setTimeout(poll, failures ? Math.min(LONGEST_MS, steady * 2 ** failures) * (0.5 + Math.random() / 2) : steady);
}

addEventListener('online', poll);
document.addEventListener('visibilitychange', () => document.hidden || poll());
poll();
