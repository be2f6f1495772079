// SPDX-License-Identifier: ISC
// screen.js: the screen of a run: the code of the moment, the run's state in words, full screen, a display that stays awake.
// The count is live.js's business. What to show and for how long is said by code.json, and the time of that answer by its
// Date: a laptop's own clock may be wrong, and no secret is here.

const STEADY_MS = 5000, SINGLE_MS = 1000, SOON_MS = 500;

const figure = document.getElementById('code'), poster = document.querySelector('.code.poster');
const digits = document.getElementById('digits'), left = document.getElementById('left'), bar = left.firstElementChild;
const state = document.getElementById('state');
let is_open = document.querySelector('[data-live]').dataset.state === 'open', shown = null, next_at = 0, timer;

function show_typed(text) {
	const [head, tail] = digits.querySelectorAll('b');
	if (head.textContent + tail.textContent === text) return;
	head.textContent = text.slice(0, 3);
	tail.textContent = text.slice(3);
}

// `now` is the server's time, milliseconds since 1970.
function show(code, now) {
	if (code.number !== shown) {
		const svg = figure.firstElementChild;
		svg.setAttribute('viewBox', `0 0 ${code.size} ${code.size}`);
		svg.lastElementChild.setAttribute('d', code.path);
		shown = code.number;
	}
	show_typed(now < Date.parse(code.typed_until) ? code.typed : code.next_typed);
	next_at = code.is_single ? 0 : performance.now() + code.next_ms - (now - Date.parse(code.shown_at));
	bar.max = code.interval_s;
}

function show_open() {
	figure.hidden = digits.hidden = !is_open || shown === null;
	poster.id = figure.hidden ? '' : 'paper';
	left.hidden = figure.hidden || !next_at;
}

// When to ask again: just behind the change that was announced, soon when it is overdue.
function wait_ms() {
	if (!next_at) return shown === null ? STEADY_MS : SINGLE_MS;
	const until_next = next_at - performance.now();
	return until_next <= 0 ? SOON_MS : Math.min(STEADY_MS, until_next + 150);
}

async function refresh() {
	clearTimeout(timer);
	try {
		const reply = is_open && await fetch('code.json', { cache: 'no-cache', signal: AbortSignal.timeout(4000) });
		if (reply?.ok) show(await reply.json(), Date.parse(reply.headers.get('Date')));
	} catch { /* what is shown goes on: the code before is taken too */ }
	show_open();
	clearTimeout(timer);
	timer = setTimeout(refresh, wait_ms());
}

document.addEventListener('live-state', ({ detail }) => {
	is_open = detail.state === 'open';
	state.textContent = state.dataset[detail.state];
	refresh();
});
addEventListener('online', refresh);
document.addEventListener('visibilitychange', () => document.hidden || refresh());
setInterval(() => { bar.value = Math.max(0, (next_at - performance.now()) / 1000); }, 500);
refresh();

const full = document.getElementById('full'), paper = document.getElementById('print');
function toggle_full() {
	if (document.fullscreenElement) document.exitFullscreen();
	else document.documentElement.requestFullscreen();
}
full.hidden = !document.fullscreenEnabled;
full.addEventListener('click', toggle_full);
paper.hidden = false;
paper.addEventListener('click', () => print());
addEventListener('keydown', (event) => {
	if (event.key.toLowerCase() === 'f' && !event.ctrlKey && !event.metaKey && !event.altKey && document.fullscreenEnabled) toggle_full();
});

let rest;
addEventListener('pointermove', () => {
	document.documentElement.classList.remove('still');
	clearTimeout(rest);
	rest = setTimeout(() => document.documentElement.classList.add('still'), 3000);
});

async function stay_awake() {
	try { if (!document.hidden) await navigator.wakeLock?.request('screen'); } catch { /* low battery: the system decides */ }
}
document.addEventListener('visibilitychange', stay_awake);
stay_awake();
